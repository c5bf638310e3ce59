with

expected as (
    select segments.segment_id, days.date_day as activity_date
    from {{ ref('time_spine_daily') }} as days
    cross join {{ ref('dim_segments') }} as segments
    inner join {{ ref('int_reporting_window') }} as reporting_window
        on days.date_day >= reporting_window.first_event_date
)

select
    coalesce(expected.segment_id, found.segment_id) as segment_id,
    coalesce(expected.activity_date, found.activity_date) as activity_date
from expected
full outer join {{ ref('fct_active_users_daily') }} as found
    on expected.segment_id = found.segment_id
    and expected.activity_date = found.activity_date
where expected.segment_id is null or found.segment_id is null
