{{ config(materialized='table') }}

with

buckets as (
    select * from {{ ref('int_event_buckets_identified') }}
),

identifier_days as (
    select
        identifier_key,
        event_date as activity_date,
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
        opened.activity_date,
        opened.first_event_at,
        opened.last_event_at,
        opened.first_human_at
    from opened
    {{ channel_joins('opened') }}
)

select * from final
