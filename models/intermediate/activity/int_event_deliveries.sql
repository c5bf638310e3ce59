{{ config(materialized='incremental', incremental_strategy='redo_loaded_dates') }}
{%- set resumed = resumed_load() %}

with

{%- if resumed %}
-- what came later than this, and long after it happened, waits for the next full refresh
acceptance as (
    select max(accepted_until_at) as accepted_until_at from {{ this }}
    where source_fingerprint = '{{ source_fingerprint() }}'
),
{%- endif %}

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
        {%- if resumed %}
        {{ is_late('events.occurred_at', 'events.loaded_at', 'acceptance.accepted_until_at') }}
        {%- else %}
        false
        {%- endif %} as is_late,
        {{ epoch_bucket('occurred_at', 900) }} as quarter_hour,
        cast(loaded_at as date) as loaded_date,
        count(*) as events,
        min(occurred_at) as first_occurred_at,
        max(loaded_at) as last_loaded_at
    from events
    {%- if resumed %}
    cross join acceptance
    {%- endif %}
    group by event_name, platform, missing_bits, is_late, quarter_hour, loaded_date
),

final as (
    select
        '{{ source_fingerprint() }}' as source_fingerprint,
        event_name,
        platform,
        missing_bits,
        cast(sum(events) as bigint) as events,
        is_late,
        {{ reporting_date('first_occurred_at') }} as event_date,
        loaded_date,
        max(last_loaded_at) as last_loaded_at,
        {%- if resumed %}
        (select accepted_until_at from acceptance)
        {%- else %}
        max(max(last_loaded_at)) over ()
        {%- endif %} as accepted_until_at
    from patterns
    group by event_name, platform, missing_bits, is_late, event_date, loaded_date
)

select * from final
