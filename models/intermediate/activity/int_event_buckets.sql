{{ config(materialized='incremental', incremental_strategy='redo_event_dates') }}
{%- set redone = redone_dates() %}

with

events as (
    select * from {{ ref('int_events_deduplicated') }}
    where {{ on_dates(redone) }}
),

event_dates as (
    select event_date, fingerprint from {{ ref('int_event_dates') }}
),

tracking_plan as (
    select event_name, is_activity from {{ ref('tracking_plan') }}
),

buckets as (
    select
        events.device_id,
        events.user_id,
        {{ epoch_bucket('events.occurred_at', session_timeout_seconds()) }} as bucket,
        -- of two events in one instant the one with the smaller id is first
        arg_min(
            struct_pack(
                source := events.source,
                medium := events.medium,
                campaign := events.campaign,
                platform := events.platform,
                country := events.country
            ),
            (events.occurred_at, events.event_id)
        ) as first_event,
        count(*) as events,
        count(*) filter (where tracking_plan.is_activity) as planned_events,
        count(events.feature) as feature_events,
        events.traffic_type = 'human' as is_human,
        events.event_date,
        min(events.occurred_at) as started_at,
        max(events.occurred_at) as ended_at
    from events
    left join tracking_plan
        on events.event_name = tracking_plan.event_name
    group by events.device_id, events.user_id, bucket, is_human, events.event_date
),

final as (
    select
        event_dates.fingerprint,
        {{ identifier_key("'device'", 'buckets.device_id') }} as device_key,
        {{ identifier_key("'user'", 'buckets.user_id') }} as user_key,
        buckets.device_id,
        buckets.user_id,
        buckets.bucket,
        first_event.source,
        first_event.medium,
        first_event.campaign,
        first_event.platform,
        first_event.country,
        buckets.events,
        case when buckets.is_human then buckets.planned_events else 0 end as activity_events,
        case when buckets.is_human then buckets.feature_events else 0 end as feature_events,
        buckets.is_human,
        buckets.event_date,
        buckets.started_at,
        buckets.ended_at
    from buckets
    inner join event_dates
        on buckets.event_date = event_dates.event_date
)

select * from final
