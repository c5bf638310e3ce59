{% macro reporting_rate(currency) -%}
    {#- expects a left join named currency_rates on currency and day; no rate is null, never 1 -#}
    cast(
        case
            when {{ currency }} = '{{ reporting_currency() }}' then 1
            else currency_rates.rate
        end as decimal(18, 8)
    )
{%- endmacro %}
