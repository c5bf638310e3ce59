-- windowFunnel lets two steps share an instant and ends the window with its last instant, as all
-- engines here do
with device_levels as (
    select
        device_id,
        windowFunnel(604800000000)(
            cast(toUnixTimestamp64Micro(occurred_at) as UInt64),
            event_name = 'view_landing',
            event_name = 'view_detail',
            event_name = 'add_to_cart',
            event_name = 'checkout_start',
            event_name = 'purchase'
        ) as level
    from events
    where event_name in ('view_landing', 'view_detail', 'add_to_cart', 'checkout_start', 'purchase')
    group by device_id
)

select arrayJoin(range(1, level + 1)) as step, count() as persons
from device_levels
group by step
