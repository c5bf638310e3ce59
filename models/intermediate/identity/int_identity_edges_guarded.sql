{{ config(materialized='table') }}

with

edges as (
    select * from {{ ref('int_identity_edges_screened') }}
),

bridges as (
    select left_key, right_key from {{ ref('int_identity_bridges') }}
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
            edges.reason, case when bridges.left_key is not null then 'bridging_device' end
        ) as reason,
        edges.linked_at
    from edges
    left join bridges
        on edges.left_key = bridges.left_key
        and edges.right_key = bridges.right_key
)

select * from final
