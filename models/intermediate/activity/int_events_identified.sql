with

-- a join key of its own for events of nobody: a condition on the left side of the join below would
-- make it compare every event with every login
events as (
    select
        *,
        case when user_id is null then device_id end as anonymous_device_id
    from {{ ref('int_events_deduplicated') }}
),

tracking_plan as (
    select event_name, is_activity from {{ ref('tracking_plan') }}
),

shared_devices as (
    select device_id from {{ ref('int_shared_devices') }}
),

shared_device_logins as (
    select device_id, user_id, logged_in_until
    from {{ ref('int_shared_device_logins') }}
),

owned as (
    select
        events.*,
        coalesce(events.user_id, shared_device_logins.user_id) as owner_user_id,
        shared_devices.device_id is not null as is_shared_device,
        coalesce(tracking_plan.is_activity, false) and events.traffic_type = 'human' as is_activity
    from events
    left join tracking_plan
        on events.event_name = tracking_plan.event_name
    left join shared_devices
        on events.device_id = shared_devices.device_id
    -- nobody is logged in: on a shared device the login that follows says who it was
    asof left join shared_device_logins
        on events.anonymous_device_id = shared_device_logins.device_id
        and events.occurred_at <= shared_device_logins.logged_in_until
),

final as (
    select
        event_id,
        device_id,
        user_id,
        case when owner_user_id is null then 'device' else 'user' end as identifier_type,
        coalesce(owner_user_id, device_id) as identifier_id,
        -- sessions follow the device; the user only where the device is shared or unknown
        case when device_id is null or is_shared_device then owner_user_id end as session_user_id,
        product_id,
        event_name,
        platform,
        country,
        feature,
        source,
        medium,
        campaign,
        traffic_type,
        traffic_type = 'human' as is_human,
        is_activity,
        event_date,
        occurred_at
    from owned
)

select * from final
