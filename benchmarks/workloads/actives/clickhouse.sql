-- the same histogram of gaps; a sorted array per person is cheaper here than a window function
with

person_histories as (
    select arraySort(groupArray(toInt32(activity_date))) as days
    from person_days
    group by person_id
),

gaps as (
    select
        visit.1 as day,
        visit.2 = 0 as is_first,
        visit.2 > 0 and visit.1 - visit.2 > 30 as is_return,
        least(visit.3 - visit.1, 31) as days_until_next,
        toInt64(count()) as persons
    from person_histories
    array join arrayZip(
        days,
        arrayPushFront(arrayPopBack(days), 0),
        arrayPushBack(arrayPopFront(days), 1000000)
    ) as visit
    group by day, is_first, is_return, days_until_next
),

-- read from the table, because ClickHouse computes a named query anew wherever it is named
calendar as (
    select min(toInt32(activity_date)) as first_day, max(toInt32(activity_date)) as last_day
    from person_days
),

changes as (
    select
        arrayJoin([
            (day, persons, persons, persons, persons * is_first, persons * is_return, 0),
            (day + 1, -persons, 0, 0, 0, 0, 0),
            (day + least(days_until_next, 7), 0, -persons, 0, 0, 0, 0),
            (
                day + least(days_until_next, 30),
                0, 0, -persons, 0, 0,
                persons * (days_until_next > 30)
            )
        ]) as change
    from gaps
    union all
    select (arrayJoin(range(first_day, last_day + 1)), 0, 0, 0, 0, 0, 0) as change
    from calendar
),

daily_changes as (
    select
        change.1 as day,
        sum(change.2) as dau_change,
        sum(change.3) as wau_change,
        sum(change.4) as mau_change,
        sum(change.5) as new_persons,
        sum(change.6) as resurrected,
        sum(change.7) as churned
    from changes
    group by day
),

running as (
    select
        day,
        sum(dau_change) over (order by day) as dau,
        sum(wau_change) over (order by day) as wau,
        sum(mau_change) over (order by day) as mau,
        new_persons,
        resurrected,
        churned
    from daily_changes
)

select *, mau - new_persons - resurrected as retained
from running
where day <= (select last_day from calendar)
