with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_staged') }}
),

primary_leads as (
    select opportunity_id, lead_id from {{ ref('int_opportunity_leads') }}
),

leads as (
    select lead_id, account_id, channel, campaign, country from {{ ref('int_leads_merged') }}
),

accounts as (
    select account_id, country from {{ ref('dim_accounts') }}
),

identities as (
    select identifier_id, person_id from {{ ref('int_identities') }}
    where identifier_type = 'lead'
),

persons as (
    select person_id, segment_id from {{ ref('dim_persons') }}
),

buying_persons as (
    select distinct person_id from {{ ref('fct_orders') }}
),

buying_accounts as (
    select distinct account_id from {{ ref('fct_orders') }}
),

joined as (
    select
        opportunities.opportunity_id,
        primary_leads.lead_id,
        coalesce(opportunities.account_id, leads.account_id) as account_id,
        identities.person_id,
        coalesce(persons.segment_id, {{ no_person_segment() }}) as segment_id,
        coalesce(opportunities.owner_id, 'unknown') as owner_id,
        coalesce(leads.channel, 'unknown') as channel,
        coalesce(leads.campaign, '(none)') as campaign,
        coalesce(leads.country, accounts.country, 'unknown') as country,
        opportunities.outcome,
        opportunities.amount,
        opportunities.has_amount and opportunities.amount is null as is_missing_rate,
        opportunities.outcome = 'won' as is_won,
        opportunities.outcome = 'lost' as is_lost,
        opportunities.created_date,
        {{ reporting_date('opportunities.proposal_at') }} as proposal_date,
        {{ reporting_date('opportunities.negotiation_at') }} as negotiation_date,
        {{ reporting_date('opportunities.closed_at') }} as closed_date,
        opportunities.created_at,
        opportunities.proposal_at,
        opportunities.negotiation_at,
        opportunities.closed_at
    from opportunities
    left join primary_leads
        on opportunities.opportunity_id = primary_leads.opportunity_id
    left join leads
        on primary_leads.lead_id = leads.lead_id
    left join accounts
        on opportunities.account_id = accounts.account_id
    left join identities
        on primary_leads.lead_id = identities.identifier_id
    left join persons
        on identities.person_id = persons.person_id
),

final as (
    select
        joined.*,
        case when joined.is_won then joined.closed_date end as won_date,
        joined.is_won
        and (
            buying_persons.person_id is not null or buying_accounts.account_id is not null
        ) as is_won_lead_matched,
        {{ cohort_flags(
            'proposal', 'created_date', 'proposal_date', 'opportunity_to_proposal_window_days'
        ) }},
        {{ cohort_flags(
            'negotiation', 'proposal_date', 'negotiation_date',
            'proposal_to_negotiation_window_days'
        ) }},
        {{ cohort_flags(
            'won_from_negotiation', 'negotiation_date', 'won_date',
            'negotiation_to_won_window_days'
        ) }},
        {{ cohort_flags(
            'won', 'created_date', 'won_date', 'opportunity_to_won_window_days'
        ) }}
    from joined
    cross join reporting_window
    left join buying_persons
        on joined.person_id = buying_persons.person_id
    left join buying_accounts
        on joined.account_id = buying_accounts.account_id
)

select * from final
