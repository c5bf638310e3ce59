-- a person enters a window on each active day and leaves on the next one, or when the window ends:
-- a small histogram of gaps answers every window
with

neighbours as (
    select
        activity_date,
        activity_date - lag(activity_date) over person as days_before,
        lead(activity_date) over person - activity_date as days_after
    from person_days
    window person as (partition by person_id order by activity_date)
),

gaps as (
    select
        activity_date,
        days_before is null as is_first,
        coalesce(days_before > 30, false) as is_return,
        cast(least(coalesce(days_after, 31), 31) as integer) as days_until_next,
        count(*) as persons
    from neighbours
    group by activity_date, is_first, is_return, days_until_next
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
        case when is_first then persons end as new_persons,
        case when is_return then persons end as resurrected,
        null as churned
    from gaps
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
