with

reporting_window as (
    select first_event_date, as_of_date from {{ ref('int_reporting_window') }}
),

retention_days as (
    select cast(day_number as bigint) as day_number from {{ ref('retention_days') }}
),

registered_persons as (
    select
        persons.person_id,
        persons.segment_id,
        persons.registered_date as cohort_date
    from {{ ref('dim_persons') }} as persons
    inner join reporting_window
        on persons.registered_date <= reporting_window.as_of_date
    where persons.is_human
),

active_ages as (
    select
        registered_persons.*,
        person_days.activity_date - registered_persons.cohort_date as age,
        row_number() over (
            partition by person_days.person_id order by person_days.activity_date
        ) as active_days_so_far
    from {{ ref('fct_person_days') }} as person_days
    inner join registered_persons
        on person_days.person_id = registered_persons.person_id
        and person_days.activity_date > registered_persons.cohort_date
    where person_days.is_active
),

returns as (
    select
        cohort_date,
        segment_id,
        age as day_number,
        count(*) as persons
    from active_ages
    group by cohort_date, segment_id, age
),

-- the k-th active day after registration has age k for as long as no day was missed
histories as (
    select
        cohort_date,
        segment_id,
        max(age) as last_age,
        coalesce(max(age) filter (where age = active_days_so_far), 0) as unbroken_days
    from active_ages
    group by cohort_date, segment_id, person_id
),

spans as (
    select
        histories.cohort_date,
        histories.segment_id,
        retention_days.day_number,
        count(*) filter (where histories.last_age >= retention_days.day_number)
            as persons_on_or_after,
        count(*) filter (where histories.unbroken_days >= retention_days.day_number)
            as persons_every
    from histories
    cross join retention_days
    group by histories.cohort_date, histories.segment_id, retention_days.day_number
),

cohorts as (
    select
        cohort_date,
        segment_id,
        count(*) as cohort_users
    from registered_persons
    group by cohort_date, segment_id
),

cells as (
    select
        cohorts.*,
        retention_days.day_number,
        -- a day on which nothing was tracked yet shows nobody, returned or not
        coalesce(
            cohorts.cohort_date + cast(retention_days.day_number as integer)
            between reporting_window.first_event_date and reporting_window.as_of_date,
            false
        ) as is_mature
    from cohorts
    cross join retention_days
    cross join reporting_window
),

final as (
    select
        cells.segment_id,
        cells.day_number,
        cells.cohort_users,
        case when cells.is_mature then coalesce(returns.persons, 0) end as retained_on,
        case when cells.is_mature then coalesce(spans.persons_on_or_after, 0) end
            as retained_on_or_after,
        case when cells.is_mature then coalesce(spans.persons_every, 0) end as retained_every,
        cells.is_mature,
        cells.cohort_date
    from cells
    left join returns
        on cells.cohort_date = returns.cohort_date
        and cells.segment_id = returns.segment_id
        and cells.day_number = returns.day_number
    left join spans
        on cells.cohort_date = spans.cohort_date
        and cells.segment_id = spans.segment_id
        and cells.day_number = spans.day_number
)

select * from final
