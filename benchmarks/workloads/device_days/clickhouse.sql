with device_days as (
    select
        device_id,
        intDiv(toUnixTimestamp64Micro(occurred_at), 86400000000) as day,
        count() as events,
        toUnixTimestamp64Micro(min(occurred_at)) as first_us,
        toUnixTimestamp64Micro(max(occurred_at)) as last_us
    from events
    group by device_id, day
)

select day, count() as devices, sum(events) as events, sum(last_us - first_us) as active_us
from device_days
group by day
