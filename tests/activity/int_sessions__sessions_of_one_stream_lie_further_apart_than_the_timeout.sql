with

sessions as (
    select
        stream_key,
        session_started_at,
        session_ended_at,
        lag(session_ended_at) over (
            partition by stream_key order by session_started_at
        ) as previous_ended_at
    from {{ ref('int_sessions') }}
)

select * from sessions
where
    session_ended_at < session_started_at
    or session_started_at - previous_ended_at <= interval {{ session_timeout_seconds() }} second
