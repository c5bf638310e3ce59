{{ config(
    materialized='incremental',
    unique_key='loaded_date',
    incremental_strategy='redo_loaded_dates',
) }}
{%- set resumed = resumed_load() %}
{%- set late_loads = late_loads(resumed) %}

with

events as (
    select
        event_id,
        event_name,
        cast(loaded_at as date) as loaded_date,
        occurred_at,
        loaded_at
    from {{ ref('stg_cdp__events') }}
    where loaded_at >= timestamp '{{ late_loads[0] or '9999-12-31' }}'
),

late_events as (
    select * from events
    where {{ is_late('occurred_at', 'loaded_at', accepted_until(ref('int_event_deliveries'))) }}
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
        {{ source_fingerprint() }} as source_fingerprint,
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
