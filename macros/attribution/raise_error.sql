{% macro raise_error(message) -%}
    error({{ message }})
{%- endmacro %}
