{% macro session_timeout_seconds() -%}
    {%- set seconds = (var('session_timeout_minutes') | float * 60) | int -%}
    {%- if execute and seconds <= 0 -%}
        {{ exceptions.raise_compiler_error(
            "The variable session_timeout_minutes is '" ~ var('session_timeout_minutes')
            ~ "'; set it to a number of minutes above 0."
        ) }}
    {%- endif -%}
    {{ return(seconds) }}
{%- endmacro %}
