{% macro reporting_currency() -%}
    {%- set code = var('reporting_currency') | string | upper -%}
    {%- if code | length != 3 or not code.isalpha() -%}
        {{ exceptions.raise_compiler_error(
            "The variable reporting_currency is '" ~ var('reporting_currency')
            ~ "'; set it to a code of three letters, such as CNY."
        ) }}
    {%- endif -%}
    {{ return(code) }}
{%- endmacro %}
