with

reporting_window as (
    select first_date, as_of_date from {{ ref('int_reporting_window') }}
),

intact as (
    select coalesce(sum(deliveries.events), 0) as delivered_rows
    from {{ ref('int_event_deliveries') }} as deliveries
    inner join reporting_window
        on deliveries.event_date <= reporting_window.as_of_date
    where not deliveries.is_late
),

broken as (
    select coalesce(sum(broken_events.copies), 0) as delivered_rows
    from {{ ref('int_broken_events') }} as broken_events
    inner join reporting_window
        on broken_events.event_date between reporting_window.first_date
        and reporting_window.as_of_date
),

counted as (
    select coalesce(sum(events_received + duplicate_copies), 0) as delivered_rows
    from {{ ref('fct_event_quality') }}
)

select
    intact.delivered_rows,
    broken.delivered_rows as broken_rows,
    counted.delivered_rows as counted_rows
from intact
cross join broken
cross join counted
where intact.delivered_rows + broken.delivered_rows != counted.delivered_rows
