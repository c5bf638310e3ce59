with

landing_days as (
    select distinct device_id, event_date from landings
),

view_days as (
    select device_id, event_date, count(*) as views from views
    group by device_id, event_date
)

select landing_days.event_date, sum(view_days.views) as views_after_landing
from view_days
asof join landing_days
    on view_days.device_id = landing_days.device_id
    and view_days.event_date >= landing_days.event_date
where view_days.event_date < landing_days.event_date + 7
group by landing_days.event_date
