{% macro cleaned(text) -%}
    nullif(lower(trim({{ text }})), '')
{%- endmacro %}
