{{ config(materialized='incremental', incremental_strategy='redo_loaded_dates') }}
{%- set resumed = resumed_load() %}
{%- set late_loads = late_loads(resumed) %}

with

acceptance as (
    select max(accepted_until_at) as accepted_until_at from {{ ref('int_event_deliveries') }}
),

late_events as (
    select
        events.event_id,
        events.event_name,
        cast(events.loaded_at as date) as loaded_date,
        events.occurred_at,
        events.loaded_at
    from {{ ref('stg_cdp__events') }} as events
    cross join acceptance
    where
        {% if late_loads -%}
        events.loaded_at >= timestamp '{{ late_loads[0] }}'
        and {{ is_late('events.occurred_at', 'events.loaded_at', 'acceptance.accepted_until_at') }}
        {%- else -%}
        false
        {%- endif %}
),

loads as (
    select distinct loaded_date from {{ ref('int_event_deliveries') }}
    {%- if resumed %}
    where loaded_date >= date '{{ resumed }}'
    {%- endif %}
),

-- a load without a late event has an empty row, which says that it has been looked at
final as (
    select
        '{{ source_fingerprint() }}' as source_fingerprint,
        late_events.event_id,
        late_events.event_name,
        loads.loaded_date,
        late_events.occurred_at,
        late_events.loaded_at
    from loads
    left join late_events
        on loads.loaded_date = late_events.loaded_date
)

select * from final
