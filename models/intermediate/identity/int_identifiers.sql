{{ config(materialized='table') }}

with

identifiers as (
    select identifier_type, identifier_id, identifier_key, first_seen_at
    from {{ ref('int_identifiers_sighted') }}
),

blocked as (
    select identifier_type, cleaned_id from {{ ref('int_identifiers_blocked') }}
),

-- staging has trimmed the ids, so that lower case is all that is left to clean
final as (
    select
        identifiers.identifier_type,
        identifiers.identifier_id,
        identifiers.identifier_key,
        blocked.cleaned_id is not null as is_blocked,
        identifiers.first_seen_at
    from identifiers
    left join blocked
        on identifiers.identifier_type = blocked.identifier_type
        and lower(identifiers.identifier_id) = blocked.cleaned_id
)

select * from final
