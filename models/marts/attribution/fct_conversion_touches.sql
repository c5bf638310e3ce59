with

conversions as (
    select conversion_key, person_id, converted_at from {{ ref('fct_conversions') }}
),

touchpoints as (
    select touch_id, person_id, channel, campaign, is_direct, touched_at
    from {{ ref('fct_touchpoints') }}
),

widest_window as (
    select max(window_days) as window_days from {{ ref('int_attribution_rules') }}
),

windowed as (
    select
        conversions.conversion_key,
        conversions.person_id,
        conversions.converted_at,
        conversions.converted_at - to_days(widest_window.window_days) as opens_at
    from conversions
    cross join widest_window
),

final as (
    select
        windowed.conversion_key,
        touchpoints.touch_id,
        touchpoints.channel,
        touchpoints.campaign,
        {{ days_between('touchpoints.touched_at', 'windowed.converted_at') }} as age_days,
        touchpoints.is_direct,
        touchpoints.touched_at
    from windowed
    inner join touchpoints
        on windowed.person_id = touchpoints.person_id
        and windowed.opens_at < touchpoints.touched_at
        and windowed.converted_at >= touchpoints.touched_at
)

select * from final
