with

device_days as (
    select distinct
        device_id,
        epoch_us(occurred_at) // 86400000000 as day
    from events
)

select day, count(*) as devices
from device_days
group by day
