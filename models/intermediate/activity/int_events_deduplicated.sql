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
    select events.*
    from events
    where
        not exists (
            select duplicate_events.event_id from duplicate_events
            where
                duplicate_events.event_id = events.event_id
                and duplicate_events.event_date = events.event_date
        )
    union all
    select {{ columns | join(', ') }} from duplicate_events
    where is_counted
)

select * from final
