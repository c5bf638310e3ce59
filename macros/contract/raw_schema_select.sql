{% macro raw_schema_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set tables = raw_delivered_tables(system) -%}
    {%- if entity not in tables -%}
        {{ raw_absent_select() }}
    {%- else -%}
        {%- set delivered_types = {} -%}
        {%- for column in adapter.get_columns_in_relation(tables[entity]) -%}
            {%- do delivered_types.update({column.name: column.dtype}) -%}
        {%- endfor -%}
        {{ raw_typed_select(tables[entity], delivered_types) }}
    {%- endif -%}
{% endmacro %}
