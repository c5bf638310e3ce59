-- Both ends of an accepted link are one person; a hash joins all who own it.
with

links as (
    select left_key, right_key from {{ ref('int_identity_edges_guarded') }}
    where reason is null
),

persons_of_ends as (
    select links.left_key, links.right_key, identities.person_id
    from links
    inner join {{ ref('int_identities') }} as identities
        on links.left_key = identities.identifier_key
    union all
    select links.left_key, links.right_key, identities.person_id
    from links
    inner join {{ ref('int_identities') }} as identities
        on links.right_key = identities.identifier_key
),

persons_of_identifiers as (
    select left_key as identifier_key, person_id from persons_of_ends
    union all
    select right_key as identifier_key, person_id from persons_of_ends
),

final as (
    select identifier_key, count(distinct person_id) as persons
    from persons_of_identifiers
    group by identifier_key
    having count(distinct person_id) != 1
)

select * from final
