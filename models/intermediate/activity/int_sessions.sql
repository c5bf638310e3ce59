{{ config(
    materialized='incremental',
    unique_key='session_id',
    incremental_strategy='redo_sessions',
) }}
{%- set timeout_seconds = session_timeout_seconds() %}

with

events as (
    select * from {{ ref('int_event_buckets_identified') }}
    where
        is_human
        and ({{ redone_sessions('started_at', 'ended_at') }})
),

buckets as (
    select
        stream_key,
        bucket,
        arg_min(
            struct_pack(
                source := source, medium := medium, campaign := campaign, platform := platform,
                event_date := event_date, fingerprint := fingerprint
            ),
            (started_at, precedence)
        ) as first_event,
        arg_max(identifier_key, (ended_at, precedence)) as last_identifier_key,
        any_value(device_key) as device_key,
        bool_or(is_shared_device) as is_shared_device,
        sum(events) as events,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from events
    group by stream_key, bucket
),

-- a bucket is as wide as the timeout, so nothing but the gap between two buckets can cut
cut as (
    select
        *,
        coalesce(
            started_at - lag(ended_at) over stream > interval {{ timeout_seconds }} second, true
        ) as is_cut
    from buckets
    window stream as (partition by stream_key order by bucket)
),

numbered as (
    select
        *,
        count(*) filter (where is_cut) over (
            partition by stream_key order by bucket
        ) as session_number
    from cut
),

sessions as (
    select
        stream_key,
        arg_min(first_event, bucket) as first_event,
        arg_max(last_identifier_key, bucket) as identifier_key,
        any_value(device_key) as device_key,
        bool_or(is_shared_device) as is_shared_device,
        cast(sum(events) as bigint) as events,
        min(started_at) as session_started_at,
        max(ended_at) as session_ended_at
    from numbered
    group by stream_key, session_number
),

opened as (
    select
        sessions.*,
        first_event.*
    from sessions
),

final as (
    select
        opened.fingerprint,
        xor(opened.stream_key, epoch_us(opened.session_started_at)) as session_id,
        opened.stream_key,
        opened.identifier_key,
        opened.device_key,
        {{ channel_of('opened', 'direct') }} as channel,
        opened.campaign,
        opened.platform,
        opened.events,
        opened.is_shared_device,
        opened.event_date as session_date,
        opened.session_started_at,
        opened.session_ended_at
    from opened
    {{ channel_joins('opened') }}
    where {{ redone_sessions() }}
)

select * from final
