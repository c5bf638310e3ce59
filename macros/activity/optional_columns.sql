{% macro optional_columns(system, entity) %}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for column in contract_of(system, entity).columns.values() if not column.config.meta.required -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names) }}
{% endmacro %}
