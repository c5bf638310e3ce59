select
    cohorts.cohort_date as cohort_date,
    toInt32(person_days.activity_date) - toInt32(cohorts.cohort_date) as day_number,
    count() as persons
from person_days
inner join cohorts on person_days.person_id = cohorts.person_id
where person_days.activity_date > cohorts.cohort_date
group by cohort_date, day_number
