{% macro in_reporting_currency(amount, currency) -%}
    {#- expects a left join named currency_rates on currency and day; no rate is null, never 1 -#}
    cast(
        round({{ amount }} * case
            when {{ currency }} = '{{ var("reporting_currency") }}' then cast(1 as decimal(18, 8))
            else currency_rates.rate
        end, 2) as decimal(18, 2)
    )
{%- endmacro %}
