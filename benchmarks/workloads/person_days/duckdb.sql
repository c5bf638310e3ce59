with

person_days as (
    select
        identities.person_id,
        identifier_days.activity_date,
        sum(identifier_days.events) as events
    from identifier_days
    inner join identities
        on identifier_days.identifier_key = identities.identifier_key
    group by identities.person_id, identifier_days.activity_date
)

select activity_date, count(*) as persons, cast(sum(events) as bigint) as events
from person_days
group by activity_date
