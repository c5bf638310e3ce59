{#- staging's event_date is no part of it: converting every row costs ten times the join below -#}
with

events as (
    select
        event_id,
        device_id,
        user_id,
        product_id,
        event_name,
        platform,
        country,
        page,
        feature,
        source,
        medium,
        campaign,
        traffic_type,
        occurred_at,
        loaded_at
    from {{ ref('stg_cdp__events') }}
),

quarter_hours as (
    select quarter_hour, reporting_date from {{ ref('int_reporting_quarter_hours') }}
),

-- the quarter hours end with the as-of date, and so do the events
final as (
    select
        events.*,
        quarter_hours.reporting_date as event_date
    from events
    inner join quarter_hours
        on {{ epoch_bucket('events.occurred_at', 900) }} = quarter_hours.quarter_hour
    {%- if late_loads() %}
    where
        not {{ is_late(
            'events.occurred_at', 'events.loaded_at', accepted_until(ref('int_event_deliveries'))
        ) }}
    {%- endif %}
)

select * from final
