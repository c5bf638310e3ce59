with

expected as (
    select
        conversions.conversion_date,
        conversions.conversion_type,
        attribution_models.attribution_model,
        conversions.segment_id,
        count(*) as conversions,
        sum(conversions.conversion_value) as conversion_value,
        greatest(sum(abs(conversions.conversion_value)), 1) as turnover
    from {{ ref('fct_conversions') }} as conversions
    cross join {{ ref('attribution_models') }} as attribution_models
    group by
        conversions.conversion_date,
        conversions.conversion_type,
        attribution_models.attribution_model,
        conversions.segment_id
),

credited as (
    select
        conversion_date,
        conversion_type,
        attribution_model,
        segment_id,
        sum(credit) as credit,
        sum(attributed_revenue) as attributed_revenue
    from {{ ref('fct_attribution_daily') }}
    group by conversion_date, conversion_type, attribution_model, segment_id
)

select
    expected.*,
    credited.credit,
    credited.attributed_revenue
from expected
full outer join credited
    on expected.conversion_date = credited.conversion_date
    and expected.conversion_type = credited.conversion_type
    and expected.attribution_model = credited.attribution_model
    and expected.segment_id = credited.segment_id
where
    abs(coalesce(credited.credit, 0) - coalesce(expected.conversions, 0))
    > 1e-9 * greatest(coalesce(expected.conversions, 0), 1)
    or abs(coalesce(credited.attributed_revenue, 0) - coalesce(expected.conversion_value, 0))
    > 1e-9 * coalesce(expected.turnover, 1)
