with

days as (
    select
        *,
        lag(active_base_users, 1, 0) over (
            partition by segment_id order by activity_date
        ) as base_of_yesterday
    from {{ ref('fct_active_users_daily') }}
)

select segment_id, activity_date
from days
where
    active_base_users
    != base_of_yesterday - churned_users + new_users_active + resurrected_users
