{% macro days_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }})) / cast(86400000000 as double)
{%- endmacro %}
