-- arrays per device instead of window functions, which ClickHouse runs on one thread
with

device_times as (
    select arraySort(groupArray(toUnixTimestamp64Micro(occurred_at))) as times
    from events
    group by device_id
),

device_starts as (
    select
        times,
        arrayFilter(
            (position, gap) -> position = 1 or gap > 1800000000,
            arrayEnumerate(times),
            arrayDifference(times)
        ) as starts
    from device_times
)

select
    intDiv(times[session.1], 86400000000) as day,
    count() as sessions,
    sum(session.2 - session.1) as events
from device_starts
array join arrayZip(starts, arrayPushBack(arrayPopFront(starts), length(times) + 1)) as session
group by day
