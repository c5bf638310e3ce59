{% macro decayed(days, half_life_days) -%}
    pow(2, {{ safe_ratio(days, half_life_days) }})
{%- endmacro %}
