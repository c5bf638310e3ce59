{% macro delivered_order(columns) %}
    {%- for column in columns -%}
        cast({{ column.name }} as varchar) nulls last{{ ', ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}
