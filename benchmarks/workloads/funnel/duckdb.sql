-- Each step joins the latest eligible step before it and carries when that chain began, which is
-- as late as it can be: so no chain that fits the window is missed. Of the many events of the
-- second step only the first after each landing matters, so they shrink to one per bucket of time,
-- or one per stretch where a landing cuts the bucket, before they are joined.
with

steps as (
    select device_id, event_name, occurred_at
    from events
    where
        event_name = 'view_landing'
        or event_name = 'add_to_cart'
        or event_name = 'checkout_start'
        or event_name = 'purchase'
),

landings as (
    select device_id, occurred_at, occurred_at as began_at from steps
    where event_name = 'view_landing'
),

landing_buckets as (
    select
        device_id,
        epoch_us(occurred_at) // 1800000000 as bucket,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from landings
    group by device_id, bucket
),

stretches as (
    select
        events.device_id,
        epoch_us(events.occurred_at) // 1800000000 as bucket,
        case
            when events.occurred_at >= landing_buckets.last_at then landing_buckets.last_at
            when events.occurred_at >= landing_buckets.first_at then events.occurred_at
        end as stretch,
        min(events.occurred_at) as occurred_at
    from events
    left join landing_buckets
        on events.device_id = landing_buckets.device_id
        and epoch_us(events.occurred_at) // 1800000000 = landing_buckets.bucket
    where events.event_name = 'view_detail'
    group by events.device_id, epoch_us(events.occurred_at) // 1800000000, stretch
),

details as (
    select landings.device_id, min(stretches.occurred_at) as occurred_at, landings.began_at
    from stretches
    asof join landings
        on stretches.device_id = landings.device_id
        and stretches.occurred_at >= landings.occurred_at
    where stretches.occurred_at <= landings.began_at + interval 7 day
    group by landings.device_id, landings.began_at
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
