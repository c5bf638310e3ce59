-- the one pass over events that everything about activity reads: no person in it, so no merge
-- ever touches it
with

device_days as (
    select
        device_id,
        epoch_us(occurred_at) // 86400000000 as day,
        count(*) as events,
        epoch_us(min(occurred_at)) as first_us,
        epoch_us(max(occurred_at)) as last_us
    from events
    group by device_id, day
)

select
    day,
    count(*) as devices,
    cast(sum(events) as bigint) as events,
    cast(sum(last_us - first_us) as bigint) as active_us
from device_days
group by day
