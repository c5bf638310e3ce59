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

human_identities as (
    select
        identities.identifier_key,
        identities.person_id,
        persons.segment_id
    from identities
    inner join persons
        on identities.person_id = persons.person_id
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
        1 as sessions,
        session_date as activity_date
    from sessions
),

-- whole numbers add up exactly in a double too, in half the memory of a sum of integers
person_days as (
    select
        human_identities.person_id,
        any_value(human_identities.segment_id) as segment_id,
        sum(cast(identifier_facts.events as double)) as events,
        sum(cast(identifier_facts.activity_events as double)) as activity_events,
        sum(cast(identifier_facts.feature_events as double)) as feature_events,
        sum(cast(identifier_facts.sessions as double)) as sessions,
        identifier_facts.activity_date
    from identifier_facts
    inner join human_identities
        on identifier_facts.identifier_key = human_identities.identifier_key
    group by human_identities.person_id, identifier_facts.activity_date
),

final as (
    select
        person_id,
        segment_id,
        cast(events as bigint) as events,
        cast(activity_events as bigint) as activity_events,
        cast(feature_events as bigint) as feature_events,
        cast(sessions as bigint) as sessions,
        activity_events > 0 as is_active,
        activity_date
    from person_days
)

select * from final
