with

counted as (
    select coalesce(sum(sessions), 0) as sessions from {{ ref('fct_person_days') }}
),

sessions as (
    select count(*) as sessions
    from {{ ref('int_sessions') }} as sessions
    inner join {{ ref('int_identities') }} as identities
        on sessions.identifier_key = identities.identifier_key
    inner join {{ ref('dim_persons') }} as persons
        on identities.person_id = persons.person_id
    where persons.is_human
)

select
    counted.sessions,
    sessions.sessions as sessions_of_persons
from counted
cross join sessions
where counted.sessions != sessions.sessions
