{% macro late_data_days() -%}
    {%- set days = var('late_data_days') -%}
    {%- if days is not integer or days < 1 -%}
        {{ exceptions.raise_compiler_error(
            "The variable late_data_days is '" ~ days ~ "'; set it to a whole number of days, 1 or more."
        ) }}
    {%- endif -%}
    {{ return(days) }}
{%- endmacro %}
