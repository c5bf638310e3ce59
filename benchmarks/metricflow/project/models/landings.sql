select * from {{ ref('events') }}
where event_name = 'view_landing'
