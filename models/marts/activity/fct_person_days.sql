with

identifier_days as (
    select identifier_key, human_events, activity_events, feature_events, activity_date
    from {{ ref('int_identifier_days') }}
    where human_events > 0
),

sessions as (
    select identifier_key, session_date from {{ ref('int_sessions') }}
),

identities as (
    select identifier_key, person_id from {{ ref('int_identities') }}
),

persons as (
    select person_id, segment_id from {{ ref('dim_persons') }}
    where is_human
),

-- a session may end with another identifier, or person, than it began with on its day
identifier_facts as (
    select
        identifier_key,
        human_events as events,
        activity_events,
        feature_events,
        0 as sessions,
        activity_date
    from identifier_days
    union all
    select
        identifier_key,
        0 as events,
        0 as activity_events,
        0 as feature_events,
        count(*) as sessions,
        session_date as activity_date
    from sessions
    group by identifier_key, session_date
),

person_days as (
    select
        identities.person_id,
        sum(identifier_facts.events) as events,
        sum(identifier_facts.activity_events) as activity_events,
        sum(identifier_facts.feature_events) as feature_events,
        sum(identifier_facts.sessions) as sessions,
        identifier_facts.activity_date
    from identifier_facts
    inner join identities
        on identifier_facts.identifier_key = identities.identifier_key
    group by identities.person_id, identifier_facts.activity_date
),

final as (
    select
        person_days.person_id,
        persons.segment_id,
        cast(person_days.events as bigint) as events,
        cast(person_days.activity_events as bigint) as activity_events,
        cast(person_days.feature_events as bigint) as feature_events,
        cast(person_days.sessions as bigint) as sessions,
        person_days.activity_events > 0 as is_active,
        person_days.activity_date
    from person_days
    inner join persons
        on person_days.person_id = persons.person_id
)

select * from final
