{% macro tidy_text() -%}
    {{ return('[^\\s\\v\\p{Z}]((?s:.*)[^\\s\\v\\p{Z}])?') }}
{%- endmacro %}
