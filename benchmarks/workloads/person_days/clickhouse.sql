with person_days as (
    select
        identities.person_id as person_id,
        identifier_days.activity_date as activity_date,
        sum(identifier_days.events) as events
    from identifier_days
    inner join identities on identifier_days.identifier_key = identities.identifier_key
    group by person_id, activity_date
)

select activity_date, count() as persons, sum(events) as events
from person_days
group by activity_date
