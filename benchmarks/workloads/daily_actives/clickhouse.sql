select
    intDiv(toUnixTimestamp64Micro(occurred_at), 86400000000) as day,
    uniqExact(device_id) as devices
from events
group by day
