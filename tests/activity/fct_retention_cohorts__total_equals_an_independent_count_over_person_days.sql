with

counted as (
    select
        retention_days.day_number,
        count(distinct persons.person_id) as persons
    from {{ ref('dim_persons') }} as persons
    inner join {{ ref('int_identities') }} as identities
        on persons.person_id = identities.person_id
    inner join {{ ref('int_identifier_days') }} as days
        on identities.identifier_key = days.identifier_key
    inner join {{ ref('retention_days') }} as retention_days
        on days.activity_date = persons.registered_date + retention_days.day_number
    where persons.is_human and days.activity_events > 0
    group by retention_days.day_number
),

totals as (
    select
        day_number,
        coalesce(sum(retained_on), 0) as persons
    from {{ ref('fct_retention_cohorts') }}
    group by day_number
)

select totals.day_number
from totals
left join counted
    on totals.day_number = counted.day_number
where totals.persons != coalesce(counted.persons, 0)
