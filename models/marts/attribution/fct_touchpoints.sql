with

sessions as (
    select
        session_id,
        identifier_key,
        channel,
        campaign,
        session_date,
        session_started_at
    from {{ ref('int_sessions') }}
),

identities as (
    select identifier_key, person_id from {{ ref('int_identities') }}
    where person_id is not null
),

final as (
    select
        sessions.session_id as touch_id,
        identities.person_id,
        sessions.channel,
        sessions.campaign,
        sessions.channel = 'direct' as is_direct,
        sessions.session_date as touch_date,
        sessions.session_started_at as touched_at
    from sessions
    inner join identities
        on sessions.identifier_key = identities.identifier_key
)

select * from final
