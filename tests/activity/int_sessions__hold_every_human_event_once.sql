with

sessions as (
    select coalesce(sum(events), 0) as events from {{ ref('int_sessions') }}
),

identifier_days as (
    select coalesce(sum(human_events), 0) as events from {{ ref('int_identifier_days') }}
)

select
    sessions.events,
    identifier_days.events as human_events
from sessions
cross join identifier_days
where sessions.events != identifier_days.events
