select
    conversion_type,
    conversion_id,
    attribution_model,
    touch_id,
    credit,
    attributed_revenue
from {{ ref('fct_attribution_credits') }}
where
    credit is null
    or credit not between 0 and 1
    or attributed_revenue is null
    or not isfinite(attributed_revenue)
