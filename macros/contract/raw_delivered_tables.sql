{% macro raw_delivered_tables(system) %}
    {%- set parts = var('raw_schema').split('.') -%}
    {%- set catalog = parts[0] if parts | length > 1 else target.database -%}
    {%- set tables = {} -%}
    {%- for entity in raw_contract()[system] -%}
        {%- set relation = adapter.get_relation(catalog, parts[-1], system ~ '__' ~ entity) -%}
        {%- if relation -%}{%- do tables.update({entity: relation}) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}
