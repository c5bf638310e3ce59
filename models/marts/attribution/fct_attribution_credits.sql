with

rules as (
    select * from {{ ref('int_attribution_rules') }}
),

expected as (
    select
        conversions.*,
        rules.attribution_model
    from {{ ref('fct_conversions') }} as conversions
    cross join rules
),

ranked as (
    select
        conversion_key,
        touch_id,
        channel,
        campaign,
        age_days,
        is_direct,
        row_number() over (
            partition by conversion_key order by touched_at, touch_id
        ) as touch_order,
        min(age_days) over (partition by conversion_key) as newest_age,
        min(age_days) filter (where not is_direct)
            over (partition by conversion_key) as newest_other_age
    from {{ ref('fct_conversion_touches') }}
),

ruled as (
    select
        ranked.*,
        rules.*,
        rules.first_weight + rules.last_weight as outer_weight,
        rules.direct_policy = 'exclude_unless_only'
        and coalesce(ranked.newest_other_age < rules.window_days, false) as is_direct_dropped
    from ranked
    inner join rules
        on ranked.age_days < rules.window_days
),

-- decay counts from the newest touch that is left, so that old touches alone don't fade to zero
counted as (
    select
        *,
        pow(
            2,
            {{ safe_ratio(
                'if(is_direct_dropped, newest_other_age, newest_age) - age_days', 'half_life_days'
            ) }}
        ) as decayed
    from ruled
    where not (is_direct and is_direct_dropped)
),

totals as (
    select
        conversion_key,
        attribution_model,
        count(*) as touches,
        min(touch_order) as first_order,
        max(touch_order) as last_order,
        sum(decayed) as decayed
    from counted
    group by conversion_key, attribution_model
),

shared as (
    select
        counted.conversion_key,
        counted.attribution_model,
        counted.touch_id,
        counted.channel,
        counted.campaign,
        case
            when counted.kind = 'linear' or totals.touches = 1
                then {{ safe_ratio('1', 'totals.touches') }}
            when counted.kind = 'time_decay'
                then {{ safe_ratio('counted.decayed', 'totals.decayed') }}
            when totals.touches > 2 and counted.touch_order = totals.first_order
                then counted.first_weight
            when totals.touches > 2 and counted.touch_order = totals.last_order
                then counted.last_weight
            when totals.touches > 2
                then {{ safe_ratio('counted.middle_weight', 'totals.touches - 2') }}
            when counted.outer_weight = 0 then 0.5
            when counted.touch_order = totals.first_order
                then {{ safe_ratio('counted.first_weight', 'counted.outer_weight') }}
            else {{ safe_ratio('counted.last_weight', 'counted.outer_weight') }}
        end as credit
    from counted
    inner join totals
        on counted.conversion_key = totals.conversion_key
        and counted.attribution_model = totals.attribution_model
),

final as (
    select
        expected.conversion_type,
        expected.conversion_id,
        expected.attribution_model,
        shared.touch_id,
        expected.person_id,
        expected.segment_id,
        coalesce(shared.channel, '(unattributed)') as channel,
        coalesce(shared.campaign, '(unattributed)') as campaign,
        coalesce(shared.credit, 1) as credit,
        expected.conversion_value * coalesce(shared.credit, 1) as attributed_revenue,
        expected.conversion_date
    from expected
    left join shared
        on expected.conversion_key = shared.conversion_key
        and expected.attribution_model = shared.attribution_model
)

select * from final
