{{ config(materialized='table') }}

with

events as (
    select
        identifier_type,
        identifier_id,
        event_id,
        event_date,
        platform,
        country,
        feature,
        source,
        medium,
        is_human,
        is_activity,
        occurred_at
    from {{ ref('int_events_identified') }}
),

identifier_days as (
    select
        identifier_type,
        identifier_id,
        event_date as activity_date,
        count(*) as events,
        count(*) filter (where is_human) as human_events,
        count(*) filter (where is_activity) as activity_events,
        count(*) filter (where is_human and feature is not null) as feature_events,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at,
        arg_min(
            struct_pack(
                event_id := event_id,
                source := source,
                medium := medium,
                platform := platform,
                country := country,
                occurred_at := occurred_at
            ),
            (occurred_at, event_id)
        ) filter (where is_human) as first_human_event
    from events
    group by identifier_type, identifier_id, event_date
),

opened as (
    select
        identifier_days.*,
        first_human_event.*
    from identifier_days
),

final as (
    select
        {{ identifier_key('opened.identifier_type', 'opened.identifier_id') }} as identifier_key,
        opened.identifier_type,
        opened.event_id as first_human_event_id,
        case
            when opened.human_events > 0 then {{ channel_of('opened', 'direct') }}
        end as first_human_channel,
        opened.platform as first_human_platform,
        opened.country as first_human_country,
        opened.events,
        opened.human_events,
        opened.activity_events,
        opened.feature_events,
        opened.activity_date,
        opened.first_event_at,
        opened.last_event_at,
        opened.occurred_at as first_human_at
    from opened
    {{ channel_joins('opened') }}
)

select * from final
