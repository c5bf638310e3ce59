with

cells as (
    select
        cohorts.cohort_date,
        cohorts.segment_id,
        cohorts.day_number,
        cohorts.retained_on is null
        and cohorts.retained_on_or_after is null
        and cohorts.retained_every is null as is_null,
        cohorts.retained_on is not null
        and cohorts.retained_on_or_after is not null
        and cohorts.retained_every is not null as is_known,
        reporting_window.as_of_date - cohorts.cohort_date < cohorts.day_number as is_too_young,
        coalesce(
            reporting_window.first_event_date - cohorts.cohort_date > cohorts.day_number, true
        ) as is_before_tracking
    from {{ ref('fct_retention_cohorts') }} as cohorts
    cross join {{ ref('int_reporting_window') }} as reporting_window
)

select
    cohort_date,
    segment_id,
    day_number
from cells
where
    case when is_too_young or is_before_tracking then not is_null else not is_known end
