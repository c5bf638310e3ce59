select * from {{ ref('events') }}
where event_name = 'purchase'
