{{ config(materialized='table') }}

with

identifiers as (
    select identifier_type, identifier_id, identifier_key, first_seen_at
    from {{ ref('int_identifiers') }}
),

components as (
    select identifier_key, person_id from {{ ref('int_identity_components') }}
),

-- a blocked identifier is in no component: it identifies nobody
final as (
    select
        identifiers.identifier_type,
        identifiers.identifier_id,
        identifiers.identifier_key,
        components.person_id,
        identifiers.first_seen_at
    from identifiers
    left join components
        on identifiers.identifier_key = components.identifier_key
)

select * from final
