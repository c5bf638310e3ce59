with

reached as (
    select
        touchpoints.channel,
        touchpoints.touch_date as reach_date
    from {{ ref('fct_touchpoints') }} as touchpoints
    inner join {{ ref('dim_channels') }} as channels
        on touchpoints.channel = channels.channel
    where channels.is_paid
    union distinct
    select
        channel,
        spend_date as reach_date
    from {{ ref('fct_ad_spend') }}
),

-- a company that never converted has nothing to share out
converted as (
    select distinct conversion_type
    from {{ ref('fct_attribution_credits') }}
    where conversion_type in ('order', '{{ var("attribution_headline_conversion_type") }}')
),

present as (
    select distinct
        conversion_date,
        channel,
        conversion_type,
        attribution_model
    from {{ ref('fct_attribution_daily') }}
)

select
    reached.reach_date,
    reached.channel,
    converted.conversion_type,
    attribution_models.attribution_model
from reached
cross join converted
cross join {{ ref('attribution_models') }} as attribution_models
left join present
    on reached.reach_date = present.conversion_date
    and reached.channel = present.channel
    and converted.conversion_type = present.conversion_type
    and attribution_models.attribution_model = present.attribution_model
where present.conversion_date is null
