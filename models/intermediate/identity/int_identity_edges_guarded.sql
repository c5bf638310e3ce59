{{ config(materialized='table') }}

with

edges as (
    select * from {{ ref('int_identity_edges_screened') }}
),

bridges as (
    select edge_key from {{ ref('int_identity_bridges') }}
),

final as (
    select
        edges.left_key,
        edges.right_key,
        edges.edge_source,
        edges.method,
        edges.left_type,
        edges.left_id,
        edges.right_type,
        edges.right_id,
        coalesce(
            edges.reason, case when bridges.edge_key is not null then 'bridging_device' end
        ) as reason,
        edges.linked_at
    from edges
    left join bridges
        on edges.edge_key = bridges.edge_key
)

select * from final
