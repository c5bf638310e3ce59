with

edges as (
    select * from {{ ref('int_identity_edges_guarded') }}
    where reason is not null
),

final as (
    select
        edge_source,
        method,
        left_type,
        left_id,
        right_type,
        right_id,
        reason,
        linked_at
    from edges
)

select * from final
