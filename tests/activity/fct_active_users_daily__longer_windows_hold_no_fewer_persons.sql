select segment_id, activity_date
from {{ ref('fct_active_users_daily') }}
where dau > wau or wau > mau or new_users_active + resurrected_users > dau
