with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

device_users as (
    select device_key, user_key, device_id, user_id, first_at from {{ ref('int_device_users') }}
),

links as (
    select left_key, right_key, left_type, left_id, right_type, right_id, linked_at
    from {{ ref('int_identity_edges_flagged') }}
    where edge_source = 'identity_links'
),

dated as (
    select 'user' as identifier_type, user_id as identifier_id, registered_at as seen_at
    from {{ ref('stg_cdp__users') }}
    union all
    select 'lead' as identifier_type, lead_id as identifier_id, created_at as seen_at
    from {{ ref('stg_crm__leads') }}
    union all
    select 'user' as identifier_type, user_id as identifier_id, ordered_at as seen_at
    from {{ ref('stg_erp__orders') }}
    where user_id is not null
),

sightings as (
    select
        null as identifier_key,
        dated.identifier_type,
        dated.identifier_id,
        dated.seen_at
    from dated
    inner join reporting_window
        on {{ reporting_date('dated.seen_at') }} <= reporting_window.as_of_date
    {%- for kind in ['device', 'user'] %}
    union all
    select
        {{ kind }}_key as identifier_key,
        '{{ kind }}' as identifier_type,
        {{ kind }}_id as identifier_id,
        first_at as seen_at
    from device_users
    where {{ kind }}_id is not null
    {%- endfor %}
    {%- for side in ['left', 'right'] %}
    union all
    select
        {{ side }}_key as identifier_key,
        {{ side }}_type as identifier_type,
        {{ side }}_id as identifier_id,
        linked_at as seen_at
    from links
    {%- endfor %}
),

final as (
    select
        identifier_type,
        identifier_id,
        -- events and links bring the key along; what only tables name is hashed here
        coalesce(
            any_value(identifier_key), {{ identifier_key('identifier_type', 'identifier_id') }}
        ) as identifier_key,
        min(seen_at) as first_seen_at
    from sightings
    group by identifier_type, identifier_id
)

select * from final
