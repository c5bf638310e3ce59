-- nothing that reads the events can cost less than reading its two columns
select count(device_id) as events, epoch_us(max(occurred_at)) as last_us
from events
