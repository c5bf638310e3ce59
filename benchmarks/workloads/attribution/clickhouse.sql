-- the touches of a conversion in order, and what decay gives to each; a table, because ClickHouse
-- computes a named query anew wherever it is named
create table journeys engine = Memory as
with touched as (
    select
        conversions.conversion_key as conversion_key,
        conversions.conversion_type as conversion_type,
        touches.touch_id as touch_id,
        touches.channel as channel,
        touches.is_direct as is_direct,
        toUnixTimestamp64Micro(touches.touched_at) as touched_us,
        toUnixTimestamp64Micro(conversions.converted_at) as converted_us
    from touches
    inner join conversions on touches.person_id = conversions.person_id
    where touched_us <= converted_us and touched_us > converted_us - 5184000000000
)

select
    any(conversion_type) as conversion_type,
    arraySort(
        groupArray((touched_us, touch_id, channel, is_direct, touched_us - converted_us))
    ) as journey,
    arrayMap(touch -> exp2(touch.5 / 604800000000.), journey) as decayed,
    arraySum(decayed) as total_decayed,
    length(journey) as touches,
    arrayLastIndex(touch -> not touch.4, journey) as last_named,
    if(last_named = 0, touches, last_named) as last_position
from touched
group by conversion_key;

with

credited as (
    select
        conversion_type,
        touch.3 as channel,
        toFloat64(sum(position = 1)) as first_touch,
        toFloat64(sum(position = last_position)) as last_touch,
        sum(1 / touches) as linear,
        sum(
            multiIf(
                touches = 1, 1,
                touches = 2, 0.5,
                position = 1 or position = touches, 0.4,
                0.2 / (touches - 2)
            )
        ) as position_based,
        sum(decay / total_decayed) as time_decay
    from journeys
    array join journey as touch, decayed as decay, arrayEnumerate(journey) as position
    group by conversion_type, channel
),

unattributed as (
    select
        everything.conversion_type as conversion_type,
        everything.conversions - attributed.conversions as conversions
    from (
        select conversion_type, toFloat64(count()) as conversions
        from conversions
        group by conversion_type
    ) as everything
    left join (
        select conversion_type, toFloat64(count()) as conversions
        from journeys
        group by conversion_type
    ) as attributed on everything.conversion_type = attributed.conversion_type
    where conversions > 0
)

select * from credited
union all
select
    conversion_type,
    '(unattributed)' as channel,
    conversions as first_touch,
    conversions as last_touch,
    conversions as linear,
    conversions as position_based,
    conversions as time_decay
from unattributed
