-- one join on the person with the window, one small group per conversion, joined back once; the
-- parameters are those of seeds/reference/attribution_models.csv
with

touched as (
    select
        conversions.conversion_key,
        conversions.conversion_type,
        touches.channel,
        touches.is_direct,
        -- one number that orders touches by instant and id: far cheaper to compare than a struct
        epoch_us(touches.touched_at) * cast(9223372036854775808 as hugeint) + touches.touch_id
            as place,
        pow(
            2,
            (epoch_us(touches.touched_at) - epoch_us(conversions.converted_at))
            / cast(604800000000 as double)
        ) as decayed
    from conversions
    inner join touches
        on conversions.person_id = touches.person_id
        and conversions.converted_at >= touches.touched_at
        and conversions.converted_at - interval 60 day < touches.touched_at
),

totals as (
    select
        conversion_key,
        count(*) as touches,
        sum(decayed) as decayed,
        min(place) as first_place,
        max(place) as last_place,
        -- direct counts as the last touch only where there is nothing else
        coalesce(max(place) filter (where not is_direct), max(place)) as last_named_place
    from touched
    group by conversion_key
),

places as (
    select
        touched.conversion_type,
        touched.channel,
        touched.decayed / totals.decayed as decay_share,
        totals.touches,
        touched.place = totals.first_place as is_first,
        touched.place = totals.last_place as is_last,
        touched.place = totals.last_named_place as is_last_named
    from touched
    inner join totals
        on touched.conversion_key = totals.conversion_key
),

credited as (
    select
        conversion_type,
        channel,
        cast(sum(is_first::integer) as double) as first_touch,
        cast(sum(is_last_named::integer) as double) as last_touch,
        sum(1 / touches) as linear,
        sum(
            case
                when touches = 1 then 1
                when touches = 2 then 0.5::double
                when is_first or is_last then 0.4::double
                else 0.2::double / (touches - 2)
            end
        ) as position_based,
        sum(decay_share) as time_decay
    from places
    group by conversion_type, channel
),

unattributed as (
    select
        conversions.conversion_type,
        '(unattributed)' as channel,
        cast(count(*) as double) as conversions
    from conversions
    anti join totals
        on conversions.conversion_key = totals.conversion_key
    group by conversions.conversion_type
)

select * from credited
union all
select
    conversion_type,
    channel,
    conversions as first_touch,
    conversions as last_touch,
    conversions as linear,
    conversions as position_based,
    conversions as time_decay
from unattributed
