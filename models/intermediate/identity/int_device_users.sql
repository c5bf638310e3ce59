{{ config(materialized='table') }}

with

buckets as (
    select device_key, user_key, device_id, user_id, events, started_at, ended_at
    from {{ ref('int_event_buckets') }}
),

final as (
    select
        any_value(device_key) as device_key,
        any_value(user_key) as user_key,
        device_id,
        user_id,
        cast(sum(events) as bigint) as events,
        min(started_at) as first_at,
        max(ended_at) as last_at
    from buckets
    group by device_id, user_id
)

select * from final
