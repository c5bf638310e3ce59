{{ config(
    materialized='incremental',
    unique_key='loaded_date',
    incremental_strategy='redo_loaded_dates',
) }}
{%- set resumed = resumed_load() %}

with

quarantined as (
    select
        *,
        cast(loaded_at as date) as loaded_date
    from {{ ref('stg_cdp__quarantined_events') }}
    {%- if resumed %}
    where loaded_at >= timestamp '{{ resumed }}' or loaded_at is null
    {%- endif %}
),

loads as (
    select distinct loaded_date from {{ ref('int_event_deliveries') }}
    {%- if resumed %}
    where loaded_date >= date '{{ resumed }}'
    {%- endif %}
),

-- a load without a broken row has an empty row, which says that it has been looked at
final as (
    select
        {{ source_fingerprint() }} as source_fingerprint,
        quarantined.source_table,
        quarantined.rule,
        quarantined.row_key,
        quarantined.source_row,
        coalesce(quarantined.loaded_date, loads.loaded_date) as loaded_date,
        quarantined.loaded_at
    from loads
    full outer join quarantined
        on loads.loaded_date = quarantined.loaded_date
)

select * from final
