{% macro late_loads(resumed=none) -%}
    {%- set deliveries = ref('int_event_deliveries') -%}
    {%- if not execute or not load_relation(deliveries) -%}{{ return([]) }}{%- endif -%}
    {{ return(run_query(
        "select distinct loaded_date from " ~ deliveries ~ " where is_late"
        ~ (" and loaded_date >= date '" ~ resumed ~ "'" if resumed else "") ~ " order by 1"
    ).columns[0].values() | list) }}
{%- endmacro %}
