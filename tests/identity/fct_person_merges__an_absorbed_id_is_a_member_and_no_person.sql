-- Who was absorbed names no person any more, and resolves to the one that the log gives.
with

absorptions as (
    select absorbed_person_id, person_id, merged_at from {{ ref('fct_person_merges') }}
),

final as (
    select
        absorptions.absorbed_person_id,
        absorptions.person_id,
        identities.person_id as resolved_person_id
    from absorptions
    left join {{ ref('int_identities') }} as identities
        on absorptions.absorbed_person_id = identities.identifier_key
    left join {{ ref('dim_persons') }} as persons
        on absorptions.absorbed_person_id = persons.person_id
    where
        persons.person_id is not null
        or identities.person_id is null
        or identities.person_id != absorptions.person_id
        or identities.first_seen_at >= absorptions.merged_at
)

select * from final
