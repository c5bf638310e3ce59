with

sources as (
    select
        'mql' as conversion_type,
        count(qualified_at) as conversions,
        0 as revenue,
        0 as turnover
    from {{ ref('fct_leads') }}
    union all
    select
        'won_deal' as conversion_type,
        count(*) as conversions,
        sum(amount) as revenue,
        sum(abs(amount)) as turnover
    from {{ ref('fct_opportunities') }}
    where is_won
    union all
    select
        'first_order' as conversion_type,
        count(*) as conversions,
        sum(revenue_amount) as revenue,
        sum(abs(revenue_amount)) as turnover
    from {{ ref('fct_orders') }}
    where is_first_order
    union all
    select
        'order' as conversion_type,
        count(*) as conversions,
        sum(revenue_amount) as revenue,
        sum(abs(revenue_amount)) as turnover
    from {{ ref('fct_orders') }}
),

expected as (
    select
        sources.conversion_type,
        attribution_models.attribution_model,
        sources.conversions,
        coalesce(sources.revenue, 0) as revenue,
        greatest(sources.turnover, 1) as turnover
    from sources
    cross join {{ ref('attribution_models') }} as attribution_models
),

credited as (
    select
        conversion_type,
        attribution_model,
        sum(credit) as credit,
        sum(attributed_revenue) as attributed_revenue
    from {{ ref('fct_attribution_credits') }}
    group by conversion_type, attribution_model
)

select
    expected.*,
    credited.credit,
    credited.attributed_revenue
from expected
full outer join credited
    on expected.conversion_type = credited.conversion_type
    and expected.attribution_model = credited.attribution_model
where
    expected.conversions is null
    or abs(coalesce(credited.credit, 0) - expected.conversions)
    > 1e-9 * greatest(expected.conversions, 1)
    or abs(coalesce(credited.attributed_revenue, 0) - expected.revenue)
    > 1e-9 * expected.turnover
