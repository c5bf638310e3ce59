{{ config(
    materialized='incremental',
    unique_key=['identifier_key', 'activity_date'],
    incremental_strategy='redo_identifier_days',
) }}

with

buckets as (
    select * from {{ ref('int_event_buckets_identified') }}
    where {{ redone_identifier_days('event_date') }}
),

identifier_days as (
    select
        identifier_key,
        event_date as activity_date,
        any_value(fingerprint) as fingerprint,
        arg_min(
            struct_pack(
                source := source, medium := medium, platform := platform, country := country
            ),
            (started_at, precedence)
        ) filter (where is_human) as first_human_event,
        sum(events) as events,
        sum(events) filter (where is_human) as human_events,
        sum(activity_events) as activity_events,
        sum(feature_events) as feature_events,
        bool_or(is_shared_device) as is_shared_device,
        min(started_at) as first_event_at,
        max(ended_at) as last_event_at,
        min(started_at) filter (where is_human) as first_human_at
    from buckets
    group by identifier_key, event_date
),

opened as (
    select
        identifier_days.*,
        first_human_event.*
    from identifier_days
),

final as (
    select
        opened.fingerprint,
        opened.identifier_key,
        case
            when opened.human_events > 0 then {{ channel_of('opened', 'direct') }}
        end as first_human_channel,
        opened.platform as first_human_platform,
        opened.country as first_human_country,
        cast(opened.events as bigint) as events,
        cast(coalesce(opened.human_events, 0) as bigint) as human_events,
        cast(opened.activity_events as bigint) as activity_events,
        cast(opened.feature_events as bigint) as feature_events,
        opened.is_shared_device,
        opened.activity_date,
        opened.first_event_at,
        opened.last_event_at,
        opened.first_human_at
    from opened
    {{ channel_joins('opened') }}
)

select * from final
