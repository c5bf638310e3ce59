-- An identifier has a person unless the blocklist names it, and every key it resolves to exists.
with

identifiers as (
    select identifier_key, is_blocked from {{ ref('int_identifiers') }}
),

identities as (
    select identifier_key, person_id from {{ ref('int_identities') }}
),

persons as (
    select person_id from {{ ref('dim_persons') }}
),

final as (
    select
        identifiers.identifier_key,
        identifiers.is_blocked,
        identities.person_id
    from identifiers
    left join identities
        on identifiers.identifier_key = identities.identifier_key
    left join persons
        on identities.person_id = persons.person_id
    where identifiers.is_blocked != (persons.person_id is null)
)

select * from final
