-- (person, day) is unique in the spine, so that counting rows counts persons
select
    cohorts.cohort_date,
    person_days.activity_date - cohorts.cohort_date as day_number,
    count(*) as persons
from person_days
inner join cohorts
    on person_days.person_id = cohorts.person_id
    and person_days.activity_date > cohorts.cohort_date
group by cohorts.cohort_date, day_number
