with

device_days as (
    select distinct device_id, event_date from events
),

gaps as (
    select
        event_date,
        cast(
            least(
                coalesce(lead(event_date) over device - event_date, 30), 30
            ) as integer
        ) as days_until_next
    from device_days
    window device as (partition by device_id order by event_date)
),

changes as (
    select event_date, count(*) as devices from gaps
    group by event_date
    union all
    select event_date + days_until_next as event_date, -count(*) as devices from gaps
    group by event_date, days_until_next
),

daily_changes as (
    select event_date, sum(devices) as devices from changes
    group by event_date
),

running as (
    select event_date, sum(devices) over (order by event_date) as trailing_actives
    from daily_changes
)

select running.*
from running
inner join days
    on running.event_date = days.date_day
