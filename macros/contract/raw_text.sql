{% macro raw_text(column) -%}
    {%- if column.data_type == 'timestamp' -%}
        {{ utc_text(trimmed(column.name)) }}
    {%- else -%}
        {{ trimmed(column.name) }}
    {%- endif -%}
{%- endmacro %}
