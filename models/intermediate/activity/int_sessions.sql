{{ config(materialized='table') }}
{%- set timeout_seconds = session_timeout_seconds() %}

with

events as (
    select * from {{ ref('int_events_identified') }}
    where is_human
),

buckets as (
    select
        device_id,
        session_user_id,
        {{ epoch_bucket('occurred_at', timeout_seconds) }} as bucket,
        arg_min(
            struct_pack(
                event_id := event_id,
                event_date := event_date,
                source := source,
                medium := medium,
                campaign := campaign,
                platform := platform
            ),
            (occurred_at, event_id)
        ) as first_event,
        arg_max(
            struct_pack(identifier_type := identifier_type, identifier_id := identifier_id),
            (occurred_at, event_id)
        ) as last_event,
        count(*) as events,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from events
    group by device_id, session_user_id, bucket
),

keyed_buckets as (
    select
        {{ identifier_key("'session'", "concat(device_id, chr(31), session_user_id)") }}
            as session_partition_key,
        *
    from buckets
),

-- a bucket is as wide as the timeout, so nothing but the gap between two buckets can cut
cut as (
    select
        session_partition_key,
        bucket,
        events,
        started_at,
        ended_at,
        coalesce(
            started_at - lag(ended_at) over stream > interval {{ timeout_seconds }} second, true
        ) as is_cut
    from keyed_buckets
    window stream as (partition by session_partition_key order by bucket)
),

numbered as (
    select
        *,
        count(*) filter (where is_cut) over (
            partition by session_partition_key
            order by bucket
            rows between unbounded preceding and current row
        ) as session_number
    from cut
),

-- numbers only: what the events say is fetched for the first and the last bucket at the end
spans as (
    select
        session_partition_key,
        min(bucket) as first_bucket,
        max(bucket) as last_bucket,
        cast(sum(events) as bigint) as events,
        min(started_at) as session_started_at,
        max(ended_at) as session_ended_at
    from numbered
    group by session_partition_key, session_number
),

sessions as (
    select
        spans.*,
        unnest(opening.first_event),
        unnest(closing.last_event)
    from spans
    inner join keyed_buckets as opening
        on spans.session_partition_key = opening.session_partition_key
        and spans.first_bucket = opening.bucket
    inner join keyed_buckets as closing
        on spans.session_partition_key = closing.session_partition_key
        and spans.last_bucket = closing.bucket
),

final as (
    select
        {{ identifier_key(
            'sessions.session_partition_key',
            "concat(epoch_us(sessions.session_started_at), ':', sessions.event_id)"
        ) }} as session_id,
        sessions.session_partition_key,
        {{ identifier_key('sessions.identifier_type', 'sessions.identifier_id') }}
            as identifier_key,
        sessions.event_id as first_event_id,
        {{ channel_of('sessions', 'direct') }} as channel,
        sessions.campaign,
        sessions.platform,
        sessions.events,
        sessions.event_date as session_date,
        sessions.session_started_at,
        sessions.session_ended_at
    from sessions
    {{ channel_joins('sessions') }}
)

select * from final
