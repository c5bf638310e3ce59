{% macro raw_schema_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set tables = raw_delivered_tables(system) -%}
    {%- if entity not in tables -%}
        {{ raw_absent_select() }}
    {%- else -%}
        {%- set delivered = adapter.get_columns_in_relation(tables[entity]) | map(attribute='name') | list -%}
        {{ raw_typed_select(tables[entity], delivered) }}
    {%- endif -%}
{% endmacro %}
