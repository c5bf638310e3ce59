with

attribution_models as (
    select
        *,
        first_weight + middle_weight + last_weight as total_weight,
        least(first_weight, middle_weight, last_weight) as least_weight,
        'The attribution model ' || coalesce(attribution_model, '(blank)') as subject
    from {{ ref('attribution_models') }}
),

headline as (
    select
        '{{ var("attribution_headline_model") }}' as attribution_model,
        '{{ var("attribution_headline_conversion_type") }}' as conversion_type
),

broken_rows as (
    select
        subject || ' is of the kind ' || coalesce(kind, '(blank)')
        || '; set it to position, linear or time_decay.' as problem
    from attribution_models
    where coalesce(kind not in ('position', 'linear', 'time_decay'), true)
    union all
    select
        subject || ' has the direct policy ' || coalesce(direct_policy, '(blank)')
        || '; set it to include or exclude_unless_only.' as problem
    from attribution_models
    where coalesce(direct_policy not in ('include', 'exclude_unless_only'), true)
    union all
    select
        subject || ' has a window of ' || coalesce(cast(window_days as varchar), '(blank)')
        || ' days; it must be above 0.' as problem
    from attribution_models
    where coalesce(window_days <= 0, true)
    union all
    select
        subject || ' has a half-life of ' || coalesce(cast(half_life_days as varchar), '(blank)')
        || ' days; it must be above 0.' as problem
    from attribution_models
    where kind = 'time_decay' and coalesce(half_life_days <= 0, true)
    union all
    select
        subject || ' has weights that add up to '
        || coalesce(cast(round(total_weight, 9) as varchar), '(blank)')
        || '; the first, middle and last weight must add up to 1.' as problem
    from attribution_models
    where kind = 'position' and coalesce(abs(total_weight - 1) > 1e-9, true)
    union all
    select
        subject || ' has a weight of ' || cast(least_weight as varchar)
        || '; no weight may be below 0.' as problem
    from attribution_models
    where kind = 'position' and least_weight < 0
    union all
    select
        subject || ' stands in ' || cast(count(*) as varchar)
        || ' rows of the seed attribution_models; one row per model.' as problem
    from attribution_models
    group by subject
    having count(*) > 1
),

broken_headlines as (
    select
        'The variable attribution_headline_model is ' || headline.attribution_model
        || '; set it to a model of the seed attribution_models.' as problem
    from headline
    left join attribution_models
        on headline.attribution_model = attribution_models.attribution_model
    where attribution_models.attribution_model is null
    union all
    select
        'The variable attribution_headline_conversion_type is ' || conversion_type
        || '; set it to mql, won_deal, first_order or order.' as problem
    from headline
    where conversion_type not in ('mql', 'won_deal', 'first_order', 'order')
),

final as (
    select problem from broken_rows
    union distinct
    select problem from broken_headlines
)

select * from final
