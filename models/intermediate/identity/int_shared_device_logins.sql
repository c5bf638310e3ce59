{{ config(materialized='table') }}

with

shared_devices as (
    select device_id from {{ ref('int_shared_devices') }}
),

logins as (
    select
        events.device_id,
        events.user_id,
        events.occurred_at,
        events.event_id,
        lead(events.user_id) over device_events as next_user_id
    from {{ ref('int_events_deduplicated') }} as events
    inner join shared_devices
        on events.device_id = shared_devices.device_id
    where events.user_id is not null
    window device_events as (
        partition by events.device_id order by events.occurred_at, events.event_id
    )
),

-- the last login before another user's stands for the whole run of one user
runs as (
    select
        device_id,
        user_id,
        lag(occurred_at, 1, timestamp '0001-01-01') over device_runs as logged_in_after,
        case
            when next_user_id is null then timestamp '9999-12-31' else occurred_at
        end as logged_in_until
    from logins
    where next_user_id is null or user_id != next_user_id
    window device_runs as (partition by device_id order by occurred_at, event_id)
),

-- two users in one instant: the stretch of the second is empty
final as (
    select device_id, user_id, logged_in_after, logged_in_until
    from runs
    where logged_in_after < logged_in_until
)

select * from final
