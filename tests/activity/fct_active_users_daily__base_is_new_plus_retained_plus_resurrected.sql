select segment_id, activity_date
from {{ ref('fct_active_users_daily') }}
where active_base_users != new_users_active + retained_users + resurrected_users
