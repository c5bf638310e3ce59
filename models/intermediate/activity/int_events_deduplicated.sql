{#- staging's event_date is no part of it: converting every row costs ten times the join below -#}
{%- set columns = [
    'event_id', 'device_id', 'user_id', 'product_id', 'event_name', 'platform', 'country', 'page',
    'feature', 'source', 'medium', 'campaign', 'traffic_type', 'occurred_at', 'loaded_at',
] -%}

with

events as (
    select {{ columns | join(', ') }} from {{ ref('stg_cdp__events') }}
),

duplicate_events as (
    select {{ columns | join(', ') }} from {{ ref('int_duplicate_events') }}
),

quarter_hours as (
    select quarter_hour, reporting_date from {{ ref('int_reporting_quarter_hours') }}
),

counted_copies as (
    select events.*
    from events
    left join duplicate_events
        on events.event_id = duplicate_events.event_id
    where duplicate_events.event_id is null
    union all
    select * from duplicate_events
),

-- the quarter hours end with the as-of date, and so do the events
final as (
    select
        counted_copies.*,
        quarter_hours.reporting_date as event_date
    from counted_copies
    inner join quarter_hours
        on {{ epoch_bucket('counted_copies.occurred_at', 900) }} = quarter_hours.quarter_hour
)

select * from final
