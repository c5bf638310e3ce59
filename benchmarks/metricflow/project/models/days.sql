select distinct event_date as date_day from {{ ref('events') }}
