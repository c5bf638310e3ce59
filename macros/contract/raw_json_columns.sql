{% macro raw_json_columns() %}
    {#- JSON numbers and booleans are read as text too, so that one bad value is a quarantine row -#}
    {%- set pairs = [] -%}
    {%- for column in model.columns.values() -%}
        {%- do pairs.append(column.name ~ ": 'VARCHAR'") -%}
    {%- endfor -%}
    {{ return('{' ~ pairs | join(', ') ~ '}') }}
{% endmacro %}
