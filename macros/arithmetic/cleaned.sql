{% macro cleaned(text) -%}
    lower({{ trimmed(text) }})
{%- endmacro %}
