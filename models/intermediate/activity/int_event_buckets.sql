{{ config(
    materialized='incremental',
    unique_key='event_date',
    incremental_strategy='redo_event_dates',
) }}
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

-- few events name where they come from, and only these are worth remembering
named as (
    select
        *,
        source is not null or medium is not null or campaign != '(none)' as names_source
    from events
),

buckets as (
    select
        named.device_id,
        named.user_id,
        named.platform,
        named.country,
        {{ epoch_bucket('named.occurred_at', session_timeout_seconds()) }} as bucket,
        named.traffic_type = 'human' as is_human,
        named.event_date,
        min(
            struct_pack(
                occurred_at := named.occurred_at,
                source := named.source,
                medium := named.medium,
                campaign := named.campaign
            )
        ) filter (where named.names_source) as first_source,
        count(*) as events,
        count(*) filter (where tracking_plan.is_activity) as planned_events,
        count(named.feature) as feature_events,
        min(named.occurred_at) as started_at,
        max(named.occurred_at) as ended_at
    from named
    left join tracking_plan
        on named.event_name = tracking_plan.event_name
    group by
        named.device_id,
        named.user_id,
        named.platform,
        named.country,
        bucket,
        is_human,
        named.event_date
),

opened as (
    select
        *,
        case
            when struct_extract(first_source, 'occurred_at') = started_at then first_source
        end as opening
    from buckets
),

final as (
    select
        event_dates.fingerprint,
        {{ identifier_key("'device'", 'opened.device_id') }} as device_key,
        {{ identifier_key("'user'", 'opened.user_id') }} as user_key,
        opened.device_id,
        opened.user_id,
        opened.bucket,
        opened.platform,
        opened.country,
        struct_extract(opened.opening, 'source') as source,
        struct_extract(opened.opening, 'medium') as medium,
        coalesce(struct_extract(opened.opening, 'campaign'), '(none)') as campaign,
        opened.events,
        case when opened.is_human then opened.planned_events else 0 end as activity_events,
        case when opened.is_human then opened.feature_events else 0 end as feature_events,
        opened.is_human,
        opened.event_date,
        opened.started_at,
        opened.ended_at
    from opened
    inner join event_dates
        on opened.event_date = event_dates.event_date
)

select * from final
