{%- set churn_days = churn_window_days() -%}

with

-- every day would be a join of all days with all activity; the ends of ten-day steps are enough
sampled_days as (
    select spine.date_day
    from {{ ref('time_spine_daily') }} as spine
    cross join {{ ref('int_reporting_window') }} as reporting_window
    where (reporting_window.as_of_date - spine.date_day) % 10 = 0
),

active_days as (
    select
        identities.person_id,
        days.activity_date,
        min(days.activity_date) over (partition by identities.person_id) as first_active_date
    from {{ ref('int_identifier_days') }} as days
    inner join {{ ref('int_identities') }} as identities
        on days.identifier_key = identities.identifier_key
    inner join {{ ref('dim_persons') }} as persons
        on identities.person_id = persons.person_id
    where persons.is_human and days.activity_events > 0
),

-- one row per sampled day and person with any part in it
states as (
    select
        sampled_days.date_day as activity_date,
        active_days.person_id,
        min(active_days.first_active_date) as first_active_date,
        bool_or(active_days.activity_date = sampled_days.date_day) as is_today,
        bool_or(active_days.activity_date > sampled_days.date_day - 7) as is_week,
        bool_or(active_days.activity_date > sampled_days.date_day - 30) as is_month,
        bool_or(active_days.activity_date > sampled_days.date_day - {{ churn_days }}) as is_base,
        bool_or(
            active_days.activity_date < sampled_days.date_day
            and active_days.activity_date >= sampled_days.date_day - {{ churn_days }}
        ) as was_base
    from sampled_days
    inner join active_days
        on sampled_days.date_day >= active_days.activity_date
        and sampled_days.date_day - {{ [30, churn_days] | max }} <= active_days.activity_date
    group by sampled_days.date_day, active_days.person_id
),

counted as (
    select
        activity_date,
        count(*) filter (where is_today) as dau,
        count(*) filter (where is_week) as wau,
        count(*) filter (where is_month) as mau,
        count(*) filter (where is_base) as active_base_users,
        count(*) filter (where first_active_date = activity_date) as new_users_active,
        count(*) filter (where is_base and was_base) as retained_users,
        count(*) filter (where is_today and not was_base and first_active_date < activity_date)
            as resurrected_users,
        count(*) filter (where was_base and not is_base) as churned_users
    from states
    group by activity_date
),

{% set columns = [
    'dau', 'wau', 'mau', 'active_base_users', 'new_users_active', 'retained_users',
    'resurrected_users', 'churned_users',
] -%}

totals as (
    select
        {%- for column in columns %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        activity_date
    from {{ ref('fct_active_users_daily') }}
    group by activity_date
)

select sampled_days.date_day
from sampled_days
left join counted
    on sampled_days.date_day = counted.activity_date
left join totals
    on sampled_days.date_day = totals.activity_date
where
    false
    {%- for column in columns %}
    or coalesce(counted.{{ column }}, 0) != coalesce(totals.{{ column }}, 0)
    {%- endfor %}
