with

reporting_window as (
    select first_event_date, as_of_date from {{ ref('int_reporting_window') }}
),

months as (
    select
        date_trunc('month', date_day) as month_date,
        max(last_day(date_day)) as last_date
    from {{ ref('time_spine_daily') }}
    group by month_date
),

segment_months as (
    select
        segments.segment_id,
        cast(months.month_date as date) as month_date
    from months
    inner join reporting_window
        on months.last_date >= reporting_window.first_event_date
        and months.last_date <= reporting_window.as_of_date
    cross join {{ ref('dim_segments') }} as segments
),

active_persons as (
    select
        segment_id,
        cast(date_trunc('month', activity_date) as date) as month_date,
        count(distinct person_id) as persons
    from {{ ref('fct_person_days') }}
    where is_active
    group by segment_id, month_date
),

final as (
    select
        segment_months.segment_id,
        coalesce(active_persons.persons, 0) as mau_calendar,
        segment_months.month_date
    from segment_months
    left join active_persons
        on segment_months.segment_id = active_persons.segment_id
        and segment_months.month_date = active_persons.month_date
)

select * from final
