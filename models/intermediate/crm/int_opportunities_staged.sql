{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

opportunities as (
    select
        crm_opportunities.*,
        {{ reporting_date('crm_opportunities.created_at') }} as created_date
    from {{ ref('stg_crm__opportunities') }} as crm_opportunities
    inner join reporting_window
        on {{ reporting_date('crm_opportunities.created_at') }} <= reporting_window.as_of_date
    where not crm_opportunities.is_test
),

currency_rates as (
    select currency, rate_date, rate from {{ ref('stg_erp__currency_rates') }}
),

entries as (
    select
        stages.opportunity_id,
        stages.stage,
        stages.entered_at,
        -- two stages in one instant: the later one of this order was entered last
        list_position(['qualification', 'proposal', 'negotiation', 'lost', 'won'], stages.stage)
            as stage_order
    from {{ ref('stg_crm__opportunity_stages') }} as stages
    inner join reporting_window
        on {{ reporting_date('stages.entered_at') }} <= reporting_window.as_of_date
),

-- a stage entered later implies the earlier ones at that instant
stage_dates as (
    select
        opportunity_id,
        arg_max(stage, (entered_at, stage_order)) as last_stage,
        max(entered_at) as last_entered_at,
        min(entered_at) filter (where stage in ('proposal', 'negotiation', 'won')) as proposal_at,
        min(entered_at) filter (where stage in ('negotiation', 'won')) as negotiation_at,
        min(entered_at) filter (where stage = 'proposal') as own_proposal_at,
        min(entered_at) filter (where stage = 'negotiation') as own_negotiation_at
    from entries
    group by opportunity_id
),

final as (
    select
        opportunities.opportunity_id,
        opportunities.lead_id as crm_lead_id,
        opportunities.account_id,
        opportunities.owner_id,
        case
            when stage_dates.last_stage in ('won', 'lost') then stage_dates.last_stage else 'open'
        end as outcome,
        {{ in_reporting_currency('opportunities.amount', 'opportunities.currency') }} as amount,
        opportunities.amount is not null as has_amount,
        opportunities.created_date,
        opportunities.created_at,
        stage_dates.proposal_at,
        stage_dates.negotiation_at,
        stage_dates.own_proposal_at,
        stage_dates.own_negotiation_at,
        case
            when stage_dates.last_stage in ('won', 'lost') then stage_dates.last_entered_at
        end as closed_at
    from opportunities
    left join stage_dates
        on opportunities.opportunity_id = stage_dates.opportunity_id
    left join currency_rates
        on opportunities.currency = currency_rates.currency
        and opportunities.created_date = currency_rates.rate_date
)

select * from final
