{{ config(materialized='table') }}

with

reporting_window as (
    select first_event_date, as_of_date from {{ ref('int_reporting_window') }}
),

-- a day more on both ends: no time zone is further from UTC
quarter_hours as (
    select
        unnest(generate_series(
            cast(first_event_date - 1 as timestamp),
            cast(as_of_date + 2 as timestamp),
            interval 15 minute
        )) as started_at
    from reporting_window
),

dated as (
    select
        {{ epoch_bucket('started_at', 900) }} as quarter_hour,
        {{ reporting_date('started_at') }} as reporting_date
    from quarter_hours
),

final as (
    select dated.quarter_hour, dated.reporting_date
    from dated
    inner join reporting_window
        on dated.reporting_date >= reporting_window.first_event_date
        and dated.reporting_date <= reporting_window.as_of_date
)

select * from final
