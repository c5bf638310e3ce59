with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

intact as (
    select
        event_id,
        count(*) as delivered_rows,
        min(event_date) as event_date
    from {{ ref('stg_cdp__events') }}
    group by event_id
),

broken as (
    select
        count(*) / count(distinct rule) as delivered_rows,
        {{ reporting_date(
            "case when not bool_or(rule = 'future_timestamp')"
            " then try_cast(source_row ->> '$.occurred_at' as timestamp) end"
        ) }} as event_date,
        {{ reporting_date('loaded_at') }} as loaded_date
    from {{ ref('fct_quarantined_rows') }}
    where source_table = 'cdp.events'
    group by source_row, loaded_at
),

delivered as (
    select delivered_rows, event_date from intact
    union all
    select delivered_rows, coalesce(event_date, loaded_date) as event_date from broken
),

delivered_total as (
    select coalesce(sum(delivered.delivered_rows), 0) as delivered_rows
    from delivered
    inner join reporting_window
        on delivered.event_date <= reporting_window.as_of_date
),

counted_total as (
    select coalesce(sum(events_received + duplicate_copies), 0) as delivered_rows
    from {{ ref('fct_event_quality') }}
)

select
    delivered_total.delivered_rows,
    counted_total.delivered_rows as counted_rows
from delivered_total
cross join counted_total
where delivered_total.delivered_rows != counted_total.delivered_rows
