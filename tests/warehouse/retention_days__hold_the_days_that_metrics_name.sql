with

named_days as (
    select unnest([1, 3, 7, 30]) as day_number
),

retention_days as (
    select day_number from {{ ref('retention_days') }}
)

select named_days.day_number
from named_days
left join retention_days
    on named_days.day_number = retention_days.day_number
where retention_days.day_number is null
