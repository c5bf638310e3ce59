with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

leads as (
    select * from {{ ref('int_leads_identified') }}
),

opportunities as (
    select
        lead_id,
        min(created_date) as opportunity_date,
        min(closed_date) filter (where is_won) as won_date,
        min(closed_at) filter (where is_won) as won_at
    from {{ ref('fct_opportunities') }}
    where lead_id is not null
    group by lead_id
),

persons as (
    select
        person_id,
        segment_id,
        registered_at
    from {{ ref('dim_persons') }}
),

registrations as (
    select count(registered_at) > 0 as exist from persons
),

bindings as (
    select
        lead_id,
        users_bound
    from {{ ref('dim_leads_to_users') }}
),

channels as (
    select
        channel,
        is_paid
    from {{ ref('dim_channels') }}
),

joined as (
    select
        leads.lead_id,
        leads.person_id,
        coalesce(persons.segment_id, {{ no_person_segment() }}) as segment_id,
        leads.account_id,
        leads.owner_id,
        leads.channel,
        leads.campaign,
        leads.source,
        leads.landing_page,
        leads.country,
        channels.is_paid as is_paid_channel,
        case when registrations.exist then coalesce(bindings.users_bound, 0) > 0 end
            as is_matched_to_user,
        coalesce(opportunities.won_at < leads.created_at, false) as has_won_before_created,
        leads.created_date,
        leads.qualified_date,
        opportunities.opportunity_date,
        opportunities.won_date,
        leads.created_at,
        leads.qualified_at
    from leads
    cross join registrations
    left join opportunities
        on leads.lead_id = opportunities.lead_id
    left join persons
        on leads.person_id = persons.person_id
    left join bindings
        on leads.lead_id = bindings.lead_id
    left join channels
        on leads.channel = channels.channel
),

final as (
    select
        joined.*,
        {{ cohort_flags('mql', 'created_date', 'qualified_date', 'mql_window_days') }},
        {{ cohort_flags(
            'opportunity', 'created_date', 'opportunity_date', 'lead_to_opportunity_window_days'
        ) }},
        {{ cohort_flags('won', 'created_date', 'won_date', 'lead_to_won_window_days') }},
        joined.won_date is not null as is_won_to_date
    from joined
    cross join reporting_window
)

select * from final
