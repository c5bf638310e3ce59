with

identifiers as (
    select identifier_key, first_seen_at from {{ ref('int_identifiers') }}
),

components as (
    select identifier_key, person_id, absorbed_method, absorbed_at
    from {{ ref('int_identity_components') }}
    where absorbed_at is not null
),

-- an identifier that was linked the instant it appeared never was a person of its own
final as (
    select
        components.identifier_key as absorbed_person_id,
        components.person_id,
        components.absorbed_method as method,
        components.absorbed_at as merged_at
    from components
    inner join identifiers
        on components.identifier_key = identifiers.identifier_key
    where identifiers.first_seen_at < components.absorbed_at
)

select * from final
