{{ config(
    materialized='incremental',
    unique_key='loaded_date',
    incremental_strategy='redo_loaded_dates',
) }}
{%- set resumed = resumed_load() %}

with

events as (
    select event_name, {{ event_properties() | join(', ') }}, occurred_at, loaded_at
    from {{ ref('stg_cdp__events') }}
    {%- if resumed %}
    where loaded_at >= timestamp '{{ resumed }}'
    {%- endif %}
),

-- one bit per property: the plan is held against the few patterns, not against every event
patterns as (
    select
        event_name,
        coalesce(platform, 'unknown') as platform,
        {{ missing_property_bits() }} as missing_bits,
        -- what came after the last full refresh, and long after it happened, waits for the next
        {%- if resumed %}
        {{ is_late('occurred_at', 'loaded_at', accepted_until(this)) }}
        {%- else %}
        false
        {%- endif %} as is_late,
        {{ epoch_bucket('occurred_at', 900) }} as quarter_hour,
        cast(loaded_at as date) as loaded_date,
        count(*) as events,
        min(occurred_at) as first_occurred_at,
        max(loaded_at) as last_loaded_at
    from events
    group by event_name, platform, missing_bits, is_late, quarter_hour, loaded_date
),

final as (
    select
        {{ source_fingerprint() }} as source_fingerprint,
        event_name,
        platform,
        missing_bits,
        cast(sum(events) as bigint) as events,
        is_late,
        {{ reporting_date('first_occurred_at') }} as event_date,
        loaded_date,
        max(last_loaded_at) as last_loaded_at,
        {%- if resumed %}
        {{ accepted_until(this) }}
        {%- else %}
        max(max(last_loaded_at)) over ()
        {%- endif %} as accepted_until_at
    from patterns
    group by event_name, platform, missing_bits, is_late, event_date, loaded_date
)

select * from final
