{{ config(materialized='table') }}

with

identifiers as (
    select identifier_type, identifier_id, first_seen_at
    from {{ ref('int_identifiers_sighted') }}
),

blocked as (
    select identifier_type, cleaned_id from {{ ref('int_identifiers_blocked') }}
),

final as (
    select
        identifiers.identifier_type,
        identifiers.identifier_id,
        {{ identifier_key('identifiers.identifier_type', 'identifiers.identifier_id') }}
            as identifier_key,
        blocked.cleaned_id is not null as is_blocked,
        identifiers.first_seen_at
    from identifiers
    left join blocked
        on identifiers.identifier_type = blocked.identifier_type
        and {{ cleaned('identifiers.identifier_id') }} = blocked.cleaned_id
)

select * from final
