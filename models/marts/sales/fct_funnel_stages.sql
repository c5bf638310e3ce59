with

leads as (
    select
        lead_id, channel, segment_id, created_date, qualified_date, opportunity_date
    from {{ ref('fct_leads') }}
),

opportunities as (
    select
        lead_id,
        max(cast(proposal_date is not null as integer)) = 1 as has_proposal,
        max(cast(negotiation_date is not null as integer)) = 1 as has_negotiation,
        max(cast(is_won as integer)) = 1 as has_won
    from {{ ref('fct_opportunities') }}
    where lead_id is not null
    group by lead_id
),

-- a stage that a lead reached implies the stages before it
reached as (
    select
        leads.created_date,
        leads.channel,
        leads.segment_id,
        true as has_lead,
        leads.qualified_date is not null or leads.opportunity_date is not null as has_mql,
        leads.opportunity_date is not null as has_opportunity,
        coalesce(opportunities.has_proposal, false) as has_proposal,
        coalesce(opportunities.has_negotiation, false) as has_negotiation,
        coalesce(opportunities.has_won, false) as has_won
    from leads
    left join opportunities
        on leads.lead_id = opportunities.lead_id
),

final as (
    {%- for stage in ['lead', 'mql', 'opportunity', 'proposal', 'negotiation', 'won'] %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        created_date,
        channel,
        segment_id,
        '{{ stage }}' as stage,
        {{ loop.index }} as stage_order,
        count(*) filter (where has_{{ stage }}) as leads_reached
    from reached
    group by created_date, channel, segment_id
    {%- endfor %}
)

select * from final
