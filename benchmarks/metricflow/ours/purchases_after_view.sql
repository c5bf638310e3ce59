with

view_days as (
    select distinct device_id, event_date from views
),

purchase_days as (
    select device_id, event_date, count(*) as purchases from purchases
    group by device_id, event_date
)

select view_days.event_date, sum(purchase_days.purchases) as purchases_after_view
from purchase_days
asof join view_days
    on purchase_days.device_id = view_days.device_id
    and purchase_days.event_date >= view_days.event_date
where purchase_days.event_date < view_days.event_date + 7
group by view_days.event_date
