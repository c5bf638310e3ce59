-- Facts without a person carry this segment; exactly one row holds it.
select count(*) as segments
from {{ ref('dim_segments') }}
where
    segment_id = {{ segment_key("'unknown'", "'unknown'", "'consumer'", "'unknown'") }}
    and first_channel = 'unknown'
    and country = 'unknown'
    and customer_type = 'consumer'
    and home_platform = 'unknown'
having count(*) != 1
