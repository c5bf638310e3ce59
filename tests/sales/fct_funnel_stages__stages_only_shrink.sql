select created_date, channel, segment_id, stage, leads_reached
from {{ ref('fct_funnel_stages') }}
qualify leads_reached > lag(leads_reached) over (
    partition by created_date, channel, segment_id
    order by stage_order
)
