with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

identities as (
    select * from {{ ref('int_identities') }}
    where person_id is not null
),

users as (
    select
        cdp_users.user_id,
        cdp_users.country,
        cdp_users.platform,
        cdp_users.is_test,
        cdp_users.registered_at
    from {{ ref('stg_cdp__users') }} as cdp_users
    inner join reporting_window
        on {{ reporting_date('cdp_users.registered_at') }} <= reporting_window.as_of_date
),

leads as (
    select crm_leads.lead_id, crm_leads.source, crm_leads.medium, crm_leads.country
    from {{ ref('stg_crm__leads') }} as crm_leads
    inner join reporting_window
        on {{ reporting_date('crm_leads.created_at') }} <= reporting_window.as_of_date
),

lead_profiles as (
    select
        leads.lead_id,
        leads.country,
        {{ channel_of('leads', 'unknown') }} as channel
    from leads
    {{ channel_joins('leads') }}
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
        nullif(
            case
                when identities.identifier_type = 'lead' then lead_profiles.channel
                else event_profiles.channel
            end,
            'unknown'
        ) as first_channel,
        coalesce(users.country, lead_profiles.country, event_profiles.country)
            as country,
        coalesce(users.platform, event_profiles.platform) as home_platform,
        coalesce(event_profiles.events, 0) as events,
        coalesce(event_profiles.human_events, 0) as human_events,
        coalesce(users.is_test, false) as is_test_user,
        identities.first_seen_at,
        users.registered_at
    from identities
    left join event_profiles
        on identities.identifier_key = event_profiles.identifier_key
    left join users
        on identities.identifier_type = 'user'
        and identities.identifier_id = users.user_id
    left join lead_profiles
        on identities.identifier_type = 'lead'
        and identities.identifier_id = lead_profiles.lead_id
)

select * from final
