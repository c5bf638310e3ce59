with

counted as (
    select
        cast(date_trunc('month', days.activity_date) as date) as month_date,
        count(distinct identities.person_id) as persons
    from {{ ref('int_identifier_days') }} as days
    inner join {{ ref('int_identities') }} as identities
        on days.identifier_key = identities.identifier_key
    inner join {{ ref('dim_persons') }} as persons
        on identities.person_id = persons.person_id
    where persons.is_human and days.activity_events > 0
    group by month_date
),

totals as (
    select
        month_date,
        sum(mau_calendar) as persons
    from {{ ref('fct_active_users_monthly') }}
    group by month_date
)

select totals.month_date
from totals
left join counted
    on totals.month_date = counted.month_date
where totals.persons != coalesce(counted.persons, 0)
