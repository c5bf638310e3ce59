select
    cohorts.cohort_date,
    cohorts.segment_id,
    cohorts.day_number
from {{ ref('fct_retention_cohorts') }} as cohorts
cross join {{ ref('int_reporting_window') }} as reporting_window
where
    false
    {%- for column in ['retained_on', 'retained_on_or_after', 'retained_every'] %}
    or (cohorts.{{ column }} is null)
    != (
        reporting_window.as_of_date - cohorts.cohort_date < cohorts.day_number
        or coalesce(
            reporting_window.first_event_date - cohorts.cohort_date > cohorts.day_number, true
        )
    )
    {%- endfor %}
