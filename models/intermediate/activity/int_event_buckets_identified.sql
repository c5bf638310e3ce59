with

-- a join key of its own for events of nobody: a condition on the left side of the join below would
-- make it compare every bucket with every login
buckets as (
    select
        *,
        case when user_key is null then device_key end as anonymous_device_key
    from {{ ref('int_event_buckets') }}
),

shared_devices as (
    select device_key from {{ ref('int_shared_devices') }}
),

shared_device_logins as (
    select device_key, user_key, logged_in_until
    from {{ ref('int_shared_device_logins') }}
),

owned as (
    select
        buckets.* exclude (user_key),
        coalesce(buckets.user_key, shared_device_logins.user_key) as user_key,
        shared_devices.device_key is not null as is_shared_device
    from buckets
    left join shared_devices
        on buckets.device_key = shared_devices.device_key
    -- nobody is logged in: on a shared device the login that follows says who it was
    asof left join shared_device_logins
        on buckets.anonymous_device_key = shared_device_logins.device_key
        and buckets.started_at <= shared_device_logins.logged_in_until
),

final as (
    select
        fingerprint,
        coalesce(user_key, device_key) as identifier_key,
        device_key,
        user_id,
        -- sessions follow the device; the user only where the device is shared or unknown
        case
            when device_key is null or (is_shared_device and user_key is null)
                then coalesce(device_key, user_key)
            when is_shared_device then xor(device_key, user_key)
            else device_key
        end as stream_key,
        -- of two buckets that start in one instant the one without a user is first
        concat_ws(
            chr(31), coalesce(device_id, ''), coalesce(user_id, ''), coalesce(platform, ''), country
        ) as precedence,
        bucket,
        source,
        medium,
        campaign,
        platform,
        country,
        events,
        activity_events,
        feature_events,
        is_human,
        is_shared_device,
        event_date,
        started_at,
        ended_at
    from owned
)

select * from final
