with

registered as (
    select count(*) as persons
    from {{ ref('dim_persons') }}
    where is_human and registered_at is not null
),

cohorts as (
    select
        retention_days.day_number,
        coalesce(sum(cohorts.cohort_users), 0) as persons
    from {{ ref('retention_days') }} as retention_days
    left join {{ ref('fct_retention_cohorts') }} as cohorts
        on retention_days.day_number = cohorts.day_number
    group by retention_days.day_number
)

select cohorts.day_number
from cohorts
cross join registered
where cohorts.persons != registered.persons
