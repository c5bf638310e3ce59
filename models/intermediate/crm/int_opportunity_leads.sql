with

opportunities as (
    select opportunity_id, crm_lead_id, account_id, created_at
    from {{ ref('int_opportunities_staged') }}
),

leads as (
    select lead_id, surviving_lead_id, account_id, is_valid, created_at
    from {{ ref('int_leads_merged') }}
),

named_leads as (
    select
        opportunities.opportunity_id,
        survivors.lead_id,
        survivors.is_valid
    from opportunities
    inner join leads
        on opportunities.crm_lead_id = leads.lead_id
    inner join leads as survivors
        on leads.surviving_lead_id = survivors.lead_id
),

account_leads as (
    select
        opportunities.opportunity_id,
        leads.lead_id
    from opportunities
    inner join leads
        on opportunities.account_id = leads.account_id
        and opportunities.created_at >= leads.created_at
    left join named_leads
        on opportunities.opportunity_id = named_leads.opportunity_id
    where
        leads.is_valid
        and named_leads.opportunity_id is null
    qualify row_number() over (
        partition by opportunities.opportunity_id
        order by leads.created_at desc, leads.lead_id asc
    ) = 1
),

final as (
    select opportunity_id, lead_id from named_leads
    where is_valid
    union all
    select opportunity_id, lead_id from account_leads
)

select * from final
