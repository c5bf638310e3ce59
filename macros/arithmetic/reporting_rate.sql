{% macro reporting_rate(currency) -%}
    {#- expects a left join named currency_rates on currency and day; no rate is null, never 1 -#}
    {#- wider than the rates themselves: DuckDB gives the product of two decimals of 18 digits 18
        digits again, of which 4 + 8 places leave it to overflow at a million -#}
    cast(
        case
            when {{ currency }} = '{{ reporting_currency() }}' then 1
            else currency_rates.rate
        end as decimal(28, 8)
    )
{%- endmacro %}
