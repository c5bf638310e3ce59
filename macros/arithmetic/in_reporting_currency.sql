{% macro in_reporting_currency(amount, currency) -%}
    cast(round({{ amount }} * {{ reporting_rate(currency) }}, 2) as decimal(18, 2))
{%- endmacro %}
