{{ config(materialized='table') }}

with

shared_devices as (
    select device_key from {{ ref('int_shared_devices') }}
),

logins as (
    select
        buckets.device_key,
        buckets.user_key,
        buckets.user_id,
        buckets.started_at,
        lead(buckets.user_key) over device_buckets as next_user_key
    from {{ ref('int_event_buckets') }} as buckets
    inner join shared_devices
        on buckets.device_key = shared_devices.device_key
    where buckets.user_key is not null
    window device_buckets as (
        partition by buckets.device_key
        order by buckets.started_at, buckets.user_id, buckets.is_human
    )
),

-- the last login before another user's stands for the whole run of one user
runs as (
    select
        device_key,
        user_key,
        lag(started_at, 1, timestamp '0001-01-01') over device_runs as logged_in_after,
        case
            when next_user_key is null then timestamp '9999-12-31' else started_at
        end as logged_in_until
    from logins
    where next_user_key is null or user_key != next_user_key
    window device_runs as (partition by device_key order by started_at, user_id)
),

-- two users in one instant: the stretch of the second is empty
final as (
    select device_key, user_key, logged_in_after, logged_in_until
    from runs
    where logged_in_after < logged_in_until
)

select * from final
