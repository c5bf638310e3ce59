with

credits as (
    select conversion_type, conversion_id, attribution_model, touch_id, person_id
    from {{ ref('fct_attribution_credits') }}
    where touch_id is not null
)

select
    credits.*,
    touchpoints.touched_at,
    conversions.converted_at
from credits
inner join {{ ref('fct_conversions') }} as conversions
    on credits.conversion_type = conversions.conversion_type
    and credits.conversion_id = conversions.conversion_id
inner join {{ ref('attribution_models') }} as attribution_models
    on credits.attribution_model = attribution_models.attribution_model
left join {{ ref('fct_touchpoints') }} as touchpoints
    on credits.touch_id = touchpoints.touch_id
where
    touchpoints.touch_id is null
    or credits.person_id is distinct from touchpoints.person_id
    or touchpoints.touched_at > conversions.converted_at
    or touchpoints.touched_at + to_days(attribution_models.window_days)
    <= conversions.converted_at
