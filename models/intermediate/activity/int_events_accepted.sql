{#- staging's event_date is no part of it: converting every row costs ten times the join below -#}
{%- set late_loads = late_loads() -%}
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

{%- if late_loads %}

acceptance as (
    select max(accepted_until_at) as accepted_until_at from {{ ref('int_event_deliveries') }}
),
{%- endif %}

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
    {%- if late_loads %}
    cross join acceptance
    where not {{ is_late('events.occurred_at', 'events.loaded_at', 'acceptance.accepted_until_at') }}
    {%- endif %}
)

select * from final
