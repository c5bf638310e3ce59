-- a person enters a window on each active day and leaves on the next one, or when the window ends:
-- one small histogram of (day, next day) answers every window, and who is new or back as well; a
-- sorted list per person finds the next day for less than a window function
with

histories as (
    select list_sort(list(activity_date)) as dates
    from person_days
    group by person_id
),

neighbours as (
    select
        unnest(dates) as activity_date,
        unnest(list_append(dates[2:], null)) as next_date
    from histories
),

gaps as (
    select
        activity_date,
        next_date,
        cast(coalesce(next_date - activity_date, 31) as integer) as days_until_next,
        count(*) as persons
    from neighbours
    group by activity_date, next_date
),

calendar as (
    select unnest(range(min(activity_date), max(activity_date) + 1, interval 1 day))::date
        as activity_date
    from gaps
),

changes as (
    select
        activity_date,
        persons as dau,
        persons as wau,
        persons as mau,
        persons as new_persons,
        null as resurrected,
        null as churned
    from gaps
    union all by name
    select
        next_date as activity_date,
        -persons as new_persons,
        case when days_until_next > 30 then persons end as resurrected
    from gaps
    where next_date is not null
    union all by name
    select activity_date + 1 as activity_date, -persons as dau from gaps
    union all by name
    select activity_date + least(days_until_next, 7) as activity_date, -persons as wau from gaps
    union all by name
    select
        activity_date + least(days_until_next, 30) as activity_date,
        -persons as mau,
        case when days_until_next > 30 then persons end as churned
    from gaps
    union all by name
    select activity_date, 0 as dau from calendar
),

daily_changes as (
    select activity_date, sum(columns(* exclude (activity_date)))
    from changes
    group by activity_date
),

running as (
    select
        activity_date,
        cast(sum(dau) over days as bigint) as dau,
        cast(sum(wau) over days as bigint) as wau,
        cast(sum(mau) over days as bigint) as mau,
        cast(coalesce(new_persons, 0) as bigint) as new_persons,
        cast(coalesce(resurrected, 0) as bigint) as resurrected,
        cast(coalesce(churned, 0) as bigint) as churned
    from daily_changes
    window days as (order by activity_date)
)

select *, mau - new_persons - resurrected as retained
from running
where activity_date in (select activity_date from calendar)
