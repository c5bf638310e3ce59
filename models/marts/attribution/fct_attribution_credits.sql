with

-- models that count the same touches, with the same decay, share one scope
rules as (
    select
        *,
        dense_rank() over (order by window_days, direct_policy, half_life_days) as scope
    from {{ ref('int_attribution_rules') }}
),

scopes as (
    select distinct scope, window_days, direct_policy, half_life_days from rules
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

touches as (
    select
        *,
        cast(epoch_us(touched_at) as hugeint) * 9223372036854775808 + touch_id as place
    from {{ ref('fct_conversion_touches') }}
),

newest as (
    select
        conversion_key,
        min(age_days) as newest_age,
        min(age_days) filter (where not is_direct) as newest_other_age
    from touches
    group by conversion_key
),

scoped as (
    select
        newest.conversion_key,
        scopes.*,
        scopes.direct_policy = 'exclude_unless_only'
        and coalesce(newest.newest_other_age < scopes.window_days, false) as is_direct_dropped,
        if(is_direct_dropped, newest.newest_other_age, newest.newest_age) as newest_age
    from newest
    cross join scopes
),

totals as (
    select
        touches.conversion_key,
        scoped.scope,
        any_value(scoped.is_direct_dropped) as is_direct_dropped,
        any_value(scoped.newest_age) as newest_age,
        count(*) as touches,
        min(touches.place) as first_place,
        max(touches.place) as last_place,
        sum({{ decayed('scoped.newest_age - touches.age_days', 'half_life_days') }}) as decayed
    from touches
    inner join scoped
        on touches.conversion_key = scoped.conversion_key
    where {{ counts_touch('touches', 'scoped', 'scoped') }}
    group by touches.conversion_key, scoped.scope
),

-- a touch meets its conversion before the models multiply it
paths as (
    select
        conversions.*,
        touches.*,
        rules.*
    from touches
    inner join conversions
        on touches.conversion_key = conversions.conversion_key
    cross join rules
),

shared as (
    select
        paths.*,
        {{ credit_of('paths', 'totals') }} as credit
    from paths
    inner join totals
        on paths.conversion_key = totals.conversion_key
        and paths.scope = totals.scope
    where {{ counts_touch('paths', 'paths', 'totals') }}
),

unattributed as (
    select
        conversions.*,
        rules.attribution_model,
        null as touch_id,
        '(unattributed)' as channel,
        '(unattributed)' as campaign,
        1 as credit
    from conversions
    cross join rules
    anti join totals
        on conversions.conversion_key = totals.conversion_key
        and rules.scope = totals.scope
),

final as (
    {%- for rows in ['shared', 'unattributed'] %}
    select
        conversion_type,
        conversion_id,
        attribution_model,
        touch_id,
        person_id,
        segment_id,
        channel,
        campaign,
        credit,
        conversion_value * credit as attributed_revenue,
        conversion_date
    from {{ rows }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)

select * from final
