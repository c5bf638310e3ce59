{{ config(
    materialized='incremental',
    unique_key='session_id',
    incremental_strategy='redo_sessions',
) }}
{%- set timeout_seconds = session_timeout_seconds() %}

with

buckets as (
    select * from {{ ref('int_event_buckets_identified') }}
    where
        is_human
        and ({{ redone_sessions('started_at', 'ended_at') }})
),

-- a bucket is as wide as the timeout, so nothing but the gap before one can cut
cut as (
    select
        *,
        coalesce(
            started_at - max(ended_at) over earlier > interval {{ timeout_seconds }} second, true
        ) as is_cut
    from buckets
    window
        earlier as (
            partition by stream_key
            order by started_at, user_id nulls first, platform nulls first, country nulls first
            rows between unbounded preceding and 1 preceding
        )
),

numbered as (
    select
        *,
        count(*) filter (where is_cut) over (
            partition by stream_key order by started_at
        ) as session_number
    from cut
),

totals as (
    select
        stream_key,
        session_number,
        cast(sum(events) as bigint) as events,
        max(ended_at) as session_ended_at
    from numbered
    group by stream_key, session_number
),

-- a row for each end: to carry the text of first and last events through a grouping would not spill
last_events as (
    select stream_key, session_number, identifier_key from numbered
    qualify
        row_number() over (
            partition by stream_key, session_number
            order by
                ended_at desc,
                user_id desc nulls last,
                platform desc nulls last,
                country desc nulls last
        ) = 1
),

opened as (
    select
        numbered.*,
        totals.events as session_events,
        totals.session_ended_at,
        last_events.identifier_key as last_identifier_key
    from numbered
    inner join totals
        on numbered.stream_key = totals.stream_key
        and numbered.session_number = totals.session_number
    inner join last_events
        on numbered.stream_key = last_events.stream_key
        and numbered.session_number = last_events.session_number
    where numbered.is_cut
),

sessions as (
    select
        opened.fingerprint,
        xor(opened.stream_key, epoch_us(opened.started_at)) as session_id,
        opened.stream_key,
        opened.last_identifier_key as identifier_key,
        opened.device_key,
        {{ channel_of('opened', 'direct') }} as channel,
        opened.campaign,
        opened.platform,
        opened.session_events as events,
        opened.is_shared_device,
        opened.event_date as session_date,
        opened.started_at as session_started_at,
        opened.session_ended_at
    from opened
    {{ channel_joins('opened') }}
),

final as (
    select * from sessions
    where {{ redone_sessions() }}
)

select * from final
