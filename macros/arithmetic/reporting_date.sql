{% macro reporting_date(timestamp) -%}
    cast(timezone('{{ var("reporting_timezone") }}', timezone('UTC', {{ timestamp }})) as date)
{%- endmacro %}
