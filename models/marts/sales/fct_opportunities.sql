with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_led') }}
),

accounts as (
    select
        account_id,
        country
    from {{ ref('dim_accounts') }}
),

persons as (
    select
        person_id,
        segment_id
    from {{ ref('dim_persons') }}
),

buying_persons as (
    select distinct person_id from {{ ref('fct_orders') }}
),

buying_accounts as (
    select distinct account_id from {{ ref('fct_orders') }}
),

purchases as (
    select count(*) > 0 as exist from {{ ref('fct_orders') }}
),

joined as (
    select
        opportunities.opportunity_id,
        opportunities.lead_id,
        opportunities.account_id,
        opportunities.person_id,
        coalesce(persons.segment_id, {{ no_person_segment() }}) as segment_id,
        opportunities.owner_id,
        opportunities.channel,
        opportunities.campaign,
        coalesce(opportunities.lead_country, accounts.country, 'unknown') as country,
        opportunities.outcome,
        opportunities.amount,
        opportunities.is_missing_rate,
        opportunities.is_won,
        opportunities.is_lost,
        case
            when purchases.exist
                then
                    opportunities.is_won
                    and (
                        buying_persons.person_id is not null
                        or buying_accounts.account_id is not null
                    )
        end as is_won_lead_matched,
        opportunities.created_date,
        opportunities.proposal_date,
        opportunities.negotiation_date,
        opportunities.closed_date,
        case when opportunities.is_won then opportunities.closed_date end as won_date,
        opportunities.created_at,
        opportunities.proposal_at,
        opportunities.negotiation_at,
        opportunities.closed_at
    from opportunities
    cross join purchases
    left join accounts
        on opportunities.account_id = accounts.account_id
    left join persons
        on opportunities.person_id = persons.person_id
    left join buying_persons
        on opportunities.person_id = buying_persons.person_id
    left join buying_accounts
        on opportunities.account_id = buying_accounts.account_id
),

final as (
    select
        joined.*,
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
)

select * from final
