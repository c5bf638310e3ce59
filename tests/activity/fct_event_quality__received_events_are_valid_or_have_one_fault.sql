select event_date, event_name, platform
from {{ ref('fct_event_quality') }}
where events_received != events_valid + broken_contract + unplanned_event + missing_property
