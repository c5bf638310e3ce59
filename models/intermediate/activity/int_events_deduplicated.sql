{%- set columns = [
    'event_id', 'device_id', 'user_id', 'product_id', 'event_name', 'platform', 'country', 'page',
    'feature', 'source', 'medium', 'campaign', 'traffic_type', 'event_date', 'occurred_at',
] -%}

with

events as (
    select {{ columns | join(', ') }} from {{ ref('int_events_accepted') }}
),

duplicate_events as (
    select {{ columns | join(', ') }}, is_counted from {{ ref('int_duplicate_events') }}
    where event_id is not null
),

final as (
    -- not "not exists", which would first find the distinct pairs of all events
    select events.*
    from events
    anti join duplicate_events
        on events.event_id = duplicate_events.event_id
        and events.event_date = duplicate_events.event_date
    union all
    select {{ columns | join(', ') }} from duplicate_events
    where is_counted
)

select * from final
