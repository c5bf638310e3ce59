with

opportunities as (
    select * from {{ ref('int_opportunities_staged') }}
),

primary_leads as (
    select
        opportunity_id,
        lead_id
    from {{ ref('int_opportunity_leads') }}
),

leads as (
    select
        lead_id,
        account_id,
        channel,
        campaign,
        country
    from {{ ref('int_leads_merged') }}
),

identities as (
    select
        identifier_id,
        person_id
    from {{ ref('int_identities') }}
    where identifier_type = 'lead'
),

final as (
    select
        opportunities.opportunity_id,
        primary_leads.lead_id,
        coalesce(opportunities.account_id, leads.account_id) as account_id,
        identities.person_id,
        coalesce(opportunities.owner_id, 'unknown') as owner_id,
        coalesce(leads.channel, 'unknown') as channel,
        coalesce(leads.campaign, '(none)') as campaign,
        leads.country as lead_country,
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
    left join identities
        on primary_leads.lead_id = identities.identifier_id
)

select * from final
