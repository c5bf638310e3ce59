-- Nobody has more neighbours than identity_max_degree among the accepted links.
with

neighbours as (
    select left_key as identifier_key, right_key as neighbour_key
    from {{ ref('int_identity_edges_guarded') }}
    where reason is null
    union all
    select right_key as identifier_key, left_key as neighbour_key
    from {{ ref('int_identity_edges_guarded') }}
    where reason is null
),

final as (
    select identifier_key, count(distinct neighbour_key) as neighbours
    from neighbours
    where identifier_key != neighbour_key
    group by identifier_key
    having count(distinct neighbour_key) > {{ var('identity_max_degree') }}
)

select * from final
