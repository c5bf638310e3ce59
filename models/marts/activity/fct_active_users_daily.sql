{%- set churn_days = churn_window_days() -%}
{%- set windows = {'wau': 7, 'mau': 30, 'active_base_users': churn_days} -%}
{%- set counts = ['dau', 'new_users_active', 'resurrected_users', 'churned_users'] -%}
{%- set beyond_windows = windows.values() | max + 1 -%}

with

reporting_window as (
    select first_event_date from {{ ref('int_reporting_window') }}
),

segment_days as (
    select
        segments.segment_id,
        days.date_day as activity_date,
        days.date_day >= reporting_window.first_event_date + 29 as has_full_history
    from {{ ref('time_spine_daily') }} as days
    inner join reporting_window
        on days.date_day >= reporting_window.first_event_date
    cross join {{ ref('dim_segments') }} as segments
),

active_days as (
    select
        segment_id,
        activity_date,
        activity_date - lag(activity_date) over person_history as days_before,
        lead(activity_date) over person_history - activity_date as days_after
    from {{ ref('fct_person_days') }}
    where is_active
    window person_history as (partition by person_id order by activity_date)
),

-- a small histogram: absences longer than every window are all alike
gaps as (
    select
        segment_id,
        activity_date,
        days_before is null as is_first,
        coalesce(days_before > {{ churn_days }}, false) as is_return,
        cast(least(coalesce(days_after, {{ beyond_windows }}), {{ beyond_windows }}) as integer)
            as days_until_next,
        count(*) as persons
    from active_days
    group by segment_id, activity_date, is_first, is_return, days_until_next
),

-- a person enters a window on each active day and leaves on the next one, or when the window ends
changes as (
    {%- for window, days in windows.items() %}
    select segment_id, '{{ window }}' as counted, activity_date, persons from gaps
    union all
    select
        segment_id,
        '{{ window }}' as counted,
        activity_date + least(days_until_next, {{ days }}) as activity_date,
        -persons as persons
    from gaps
    union all
    {%- endfor %}
    select segment_id, 'dau' as counted, activity_date, persons from gaps
    union all
    select segment_id, 'new_users_active' as counted, activity_date, persons from gaps
    where is_first
    union all
    select segment_id, 'resurrected_users' as counted, activity_date, persons from gaps
    where is_return
    union all
    select
        segment_id,
        'churned_users' as counted,
        activity_date + {{ churn_days }} as activity_date,
        persons
    from gaps
    where days_until_next > {{ churn_days }}
),

daily_changes as (
    select
        {%- for column in (windows | list) + counts %}
        sum(persons) filter (where counted = '{{ column }}') as {{ column }},
        {%- endfor %}
        segment_id,
        activity_date
    from changes
    group by segment_id, activity_date
),

final as (
    select
        segment_days.segment_id,
        {%- for column in windows %}
        cast(coalesce(sum(daily_changes.{{ column }}) over up_to_today, 0) as bigint)
            as {{ column }},
        {%- endfor %}
        {%- for column in counts %}
        cast(coalesce(daily_changes.{{ column }}, 0) as bigint) as {{ column }},
        {%- endfor %}
        -- of yesterday's base, whoever did not churn
        cast(
            coalesce(sum(daily_changes.active_base_users) over up_to_yesterday, 0)
            - coalesce(daily_changes.churned_users, 0) as bigint
        ) as retained_users,
        segment_days.has_full_history,
        segment_days.activity_date
    from segment_days
    left join daily_changes
        on segment_days.segment_id = daily_changes.segment_id
        and segment_days.activity_date = daily_changes.activity_date
    window
        up_to_today as (
            partition by segment_days.segment_id order by segment_days.activity_date
        ),
        up_to_yesterday as (
            partition by segment_days.segment_id order by segment_days.activity_date
            rows between unbounded preceding and 1 preceding
        )
)

select * from final
