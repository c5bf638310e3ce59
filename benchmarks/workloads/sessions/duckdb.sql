-- bucket first: a bucket is as wide as the timeout, so that only the gap between two buckets can
-- cut, and the window function sees buckets instead of events
with

buckets as (
    select
        device_id,
        epoch_us(occurred_at) // 1800000000 as bucket,
        count(*) as events,
        epoch_us(min(occurred_at)) as first_us,
        epoch_us(max(occurred_at)) as last_us
    from events
    group by device_id, bucket
),

cut as (
    select
        device_id,
        bucket,
        events,
        first_us,
        coalesce(first_us - lag(last_us) over device > 1800000000, true) as is_cut
    from buckets
    window device as (partition by device_id order by bucket)
),

-- the session of a bucket is known by when it began
begun as (
    select
        events,
        is_cut,
        max(case when is_cut then first_us end) over (
            partition by device_id order by bucket
        ) as began_us
    from cut
)

select
    began_us // 86400000000 as day,
    count(*) filter (where is_cut) as sessions,
    cast(sum(events) as bigint) as events
from begun
group by day
