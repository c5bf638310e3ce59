{%- set headline_type = var('attribution_headline_conversion_type') -%}
with

credits as (
    select
        conversion_type,
        attribution_model,
        channel,
        campaign,
        segment_id,
        credit,
        attributed_revenue,
        conversion_date
    from {{ ref('fct_attribution_credits') }}
),

rules as (
    select attribution_model from {{ ref('int_attribution_rules') }}
),

touchpoints as (
    select channel, campaign, touch_date from {{ ref('fct_touchpoints') }}
),

paid_channels as (
    select channel from {{ ref('dim_channels') }}
    where is_paid
),

spend as (
    select channel, campaign, spend_date from {{ ref('fct_ad_spend') }}
),

paid_reach as (
    select
        touchpoints.channel,
        touchpoints.campaign,
        touchpoints.touch_date as reach_date
    from touchpoints
    inner join paid_channels
        on touchpoints.channel = paid_channels.channel
    union distinct
    select
        channel,
        campaign,
        spend_date as reach_date
    from spend
),

-- without a single conversion there is nothing to share out, and a return reads null
completed_types as (
    select distinct conversion_type from credits
    where conversion_type in ('order', '{{ headline_type }}')
),

-- what was paid for and sold nothing is there with 0, rather than not at all
completed as (
    select * from credits
    union all
    select
        completed_types.conversion_type,
        rules.attribution_model,
        paid_reach.channel,
        paid_reach.campaign,
        {{ no_person_segment() }} as segment_id,
        0 as credit,
        0 as attributed_revenue,
        paid_reach.reach_date as conversion_date
    from paid_reach
    cross join rules
    cross join completed_types
),

final as (
    select
        conversion_type,
        attribution_model,
        channel,
        campaign,
        segment_id,
        cast(sum(credit) as double) as credit,
        cast(sum(attributed_revenue) as double) as attributed_revenue,
        conversion_type = '{{ headline_type }}' as is_headline_type,
        attribution_model = '{{ var("attribution_headline_model") }}' as is_headline_model,
        conversion_date
    from completed
    group by
        conversion_type, attribution_model, channel, campaign, segment_id, conversion_date
)

select * from final
