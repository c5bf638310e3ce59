select cohort_date, segment_id, day_number
from {{ ref('fct_retention_cohorts') }}
where
    retained_every > retained_on
    or retained_on > retained_on_or_after
    or retained_on_or_after > cohort_users
