with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

identities as (
    select * from {{ ref('int_identities') }}
    where person_id is not null
),

leads as (
    select lead_id, source, medium, country, created_at from {{ ref('stg_crm__leads') }}
),

stated_profiles as (
    select
        'user' as identifier_type,
        user_id as identifier_id,
        null as channel,
        country,
        platform,
        is_test as is_test_user,
        registered_at,
        registered_at as stated_at
    from {{ ref('stg_cdp__users') }}
    union all
    select
        'lead' as identifier_type,
        leads.lead_id as identifier_id,
        {{ channel_of('leads', 'unknown') }} as channel,
        leads.country,
        null as platform,
        false as is_test_user,
        null as registered_at,
        leads.created_at as stated_at
    from leads
    {{ channel_joins('leads') }}
),

known_profiles as (
    select stated_profiles.*
    from stated_profiles
    inner join reporting_window
        on {{ reporting_date('stated_profiles.stated_at') }} <= reporting_window.as_of_date
),

first_events as (
    select
        identifier_key,
        arg_min(
            struct_pack(
                channel := first_human_channel,
                platform := first_human_platform,
                country := first_human_country
            ),
            activity_date
        ) filter (where human_events > 0) as first_human,
        cast(sum(events) as bigint) as events,
        cast(sum(human_events) as bigint) as human_events
    from {{ ref('int_identifier_days') }}
    group by identifier_key
),

event_profiles as (
    select
        identifier_key,
        events,
        human_events,
        struct_extract(first_human, 'channel') as channel,
        struct_extract(first_human, 'platform') as platform,
        struct_extract(first_human, 'country') as country
    from first_events
),

-- what is not known is null here, so that the next member of the person can say it
final as (
    select
        identities.identifier_key,
        identities.person_id,
        identities.identifier_type,
        identities.identifier_id,
        nullif(coalesce(known_profiles.channel, event_profiles.channel), 'unknown')
            as first_channel,
        coalesce(known_profiles.country, event_profiles.country) as country,
        coalesce(known_profiles.platform, event_profiles.platform) as home_platform,
        coalesce(event_profiles.events, 0) as events,
        coalesce(event_profiles.human_events, 0) as human_events,
        coalesce(known_profiles.is_test_user, false) as is_test_user,
        identities.first_seen_at,
        known_profiles.registered_at
    from identities
    left join event_profiles
        on identities.identifier_key = event_profiles.identifier_key
    left join known_profiles
        on identities.identifier_type = known_profiles.identifier_type
        and identities.identifier_id = known_profiles.identifier_id
)

select * from final
