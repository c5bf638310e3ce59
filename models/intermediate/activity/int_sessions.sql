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
                event_id := event_id, event_date := event_date, platform := platform,
                source := source, medium := medium, campaign := campaign
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
        *,
        {{ identifier_key("'session'", "concat(device_id, chr(31), session_user_id)") }}
            as session_partition_key
    from buckets
),

-- a bucket is as wide as the timeout, so nothing but the gap between two buckets can cut
cut as (
    select
        * exclude (device_id, session_user_id, first_event, last_event),
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
            partition by session_partition_key order by bucket
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

openings as (
    select
        keyed_buckets.session_partition_key,
        keyed_buckets.bucket,
        first_event.*
    from keyed_buckets
),

closings as (
    select
        keyed_buckets.session_partition_key,
        keyed_buckets.bucket,
        last_event.*
    from keyed_buckets
),

final as (
    select
        {{ identifier_key(
            'spans.session_partition_key',
            "concat(epoch_us(spans.session_started_at), ':', openings.event_id)"
        ) }} as session_id,
        spans.session_partition_key,
        {{ identifier_key('closings.identifier_type', 'closings.identifier_id') }}
            as identifier_key,
        openings.event_id as first_event_id,
        {{ channel_of('openings', 'direct') }} as channel,
        openings.campaign,
        openings.platform,
        spans.events,
        openings.event_date as session_date,
        spans.session_started_at,
        spans.session_ended_at
    from spans
    inner join openings
        on spans.session_partition_key = openings.session_partition_key
        and spans.first_bucket = openings.bucket
    inner join closings
        on spans.session_partition_key = closings.session_partition_key
        and spans.last_bucket = closings.bucket
    {{ channel_joins('openings') }}
)

select * from final
