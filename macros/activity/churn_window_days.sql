{% macro churn_window_days() -%}
    {%- set days = var('churn_days') | int -%}
    {%- if execute and days <= 0 -%}
        {{ exceptions.raise_compiler_error(
            "The variable churn_days is '" ~ var('churn_days') ~ "'; set it to a whole number of days above 0."
        ) }}
    {%- endif -%}
    {{ return(days) }}
{%- endmacro %}
