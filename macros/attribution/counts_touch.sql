{% macro counts_touch(touch, rule, newest) -%}
    {#- a case, not two conditions: DuckDB would make a join of its own of the ages and windows -#}
    case
        when {{ touch }}.is_direct and {{ newest }}.is_direct_dropped then false
        else {{ touch }}.age_days < {{ rule }}.window_days
    end
{%- endmacro %}
