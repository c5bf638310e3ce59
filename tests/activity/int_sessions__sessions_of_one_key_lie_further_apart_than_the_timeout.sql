with

sessions as (
    select
        session_partition_key,
        session_started_at,
        session_ended_at,
        lag(session_ended_at) over (
            partition by session_partition_key order by session_started_at, first_event_id
        ) as previous_ended_at
    from {{ ref('int_sessions') }}
)

select * from sessions
where
    session_ended_at < session_started_at
    or session_started_at - previous_ended_at <= interval {{ session_timeout_seconds() }} second
