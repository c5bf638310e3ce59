-- each step joins the latest eligible step before it and carries when that chain began, which is
-- as late as it can be: so no chain that fits the window is missed
with

steps as (
    select device_id, event_name, occurred_at
    from events
    where event_name in ('view_landing', 'view_detail', 'add_to_cart', 'checkout_start', 'purchase')
),

landings as (
    select device_id, occurred_at, occurred_at as began_at from steps
    where event_name = 'view_landing'
),

details as (
    select steps.device_id, steps.occurred_at, landings.began_at
    from steps
    asof join landings
        on steps.device_id = landings.device_id
        and steps.occurred_at >= landings.occurred_at
    where
        steps.event_name = 'view_detail'
        and steps.occurred_at <= landings.began_at + interval 7 day
),

carts as (
    select steps.device_id, steps.occurred_at, details.began_at
    from steps
    asof join details
        on steps.device_id = details.device_id
        and steps.occurred_at >= details.occurred_at
    where
        steps.event_name = 'add_to_cart'
        and steps.occurred_at <= details.began_at + interval 7 day
),

checkouts as (
    select steps.device_id, steps.occurred_at, carts.began_at
    from steps
    asof join carts
        on steps.device_id = carts.device_id
        and steps.occurred_at >= carts.occurred_at
    where
        steps.event_name = 'checkout_start'
        and steps.occurred_at <= carts.began_at + interval 7 day
),

purchases as (
    select steps.device_id, steps.occurred_at, checkouts.began_at
    from steps
    asof join checkouts
        on steps.device_id = checkouts.device_id
        and steps.occurred_at >= checkouts.occurred_at
    where
        steps.event_name = 'purchase'
        and steps.occurred_at <= checkouts.began_at + interval 7 day
)

select 1 as step, count(distinct device_id) as persons from landings
union all
select 2 as step, count(distinct device_id) as persons from details
union all
select 3 as step, count(distinct device_id) as persons from carts
union all
select 4 as step, count(distinct device_id) as persons from checkouts
union all
select 5 as step, count(distinct device_id) as persons from purchases
