with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

device_users as (
    select device_id, user_id, first_at from {{ ref('int_device_users') }}
),

links as (
    select left_type, left_id, right_type, right_id, linked_at
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
),

sightings as (
    select dated.identifier_type, dated.identifier_id, dated.seen_at
    from dated
    inner join reporting_window
        on {{ reporting_date('dated.seen_at') }} <= reporting_window.as_of_date
    union all
    select 'device' as identifier_type, device_id as identifier_id, first_at as seen_at
    from device_users
    union all
    select 'user' as identifier_type, user_id as identifier_id, first_at as seen_at
    from device_users
    union all
    select left_type as identifier_type, left_id as identifier_id, linked_at as seen_at
    from links
    union all
    select right_type as identifier_type, right_id as identifier_id, linked_at as seen_at
    from links
),

final as (
    select
        identifier_type,
        identifier_id,
        min(seen_at) as first_seen_at
    from sightings
    where identifier_id is not null
    group by identifier_type, identifier_id
)

select * from final
