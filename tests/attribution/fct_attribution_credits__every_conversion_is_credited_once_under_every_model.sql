with

expected as (
    select
        conversions.conversion_type,
        conversions.conversion_id,
        attribution_models.attribution_model
    from {{ ref('fct_conversions') }} as conversions
    cross join {{ ref('attribution_models') }} as attribution_models
),

credited as (
    select
        conversion_type,
        conversion_id,
        attribution_model,
        sum(credit) as credit
    from {{ ref('fct_attribution_credits') }}
    group by conversion_type, conversion_id, attribution_model
)

select
    expected.*,
    credited.credit
from expected
full outer join credited
    on expected.conversion_type = credited.conversion_type
    and expected.conversion_id = credited.conversion_id
    and expected.attribution_model = credited.attribution_model
where
    expected.conversion_id is null
    or abs(coalesce(credited.credit, 0) - 1) > 1e-9
