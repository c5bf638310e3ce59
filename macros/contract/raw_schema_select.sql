{% macro raw_schema_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set parts = var('raw_schema').split('.') -%}
    {%- if not parts[-1] -%}
        {{ exceptions.raise_compiler_error(
            "raw_source is schema but raw_schema is empty; set raw_schema to schema or catalog.schema."
        ) }}
    {%- endif -%}
    {%- set catalog = parts[0] if parts | length > 1 else target.database -%}
    {%- set tables = {} -%}
    {%- for name in raw_entities(system) -%}
        {%- set relation = adapter.get_relation(catalog, parts[-1], system ~ '__' ~ name) -%}
        {%- if relation -%}{%- do tables.update({name: relation}) -%}{%- endif -%}
    {%- endfor -%}
    {%- if entity not in tables -%}
        {{ raw_absent_select(system, entity, tables, var('raw_schema')) }}
    {%- else -%}
        {%- set delivered_types = {} -%}
        {%- for column in adapter.get_columns_in_relation(tables[entity]) -%}
            {%- do delivered_types.update({column.name: column.dtype}) -%}
        {%- endfor -%}
        {{ raw_missing_columns(delivered_types, tables[entity]) }}
        {{ raw_typed_select(tables[entity], delivered_types) }}
    {%- endif -%}
{% endmacro %}
