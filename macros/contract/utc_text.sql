{% macro utc_text(expression) %}
    {#- a plain cast to timestamp drops an offset without a word -#}
    case
        when regexp_matches({{ expression }}, ':\d\d(\.\d+)?\s*[+-]\d\d(:?\d\d)?$')
            then coalesce(
                cast(timezone('UTC', try_cast({{ expression }} as timestamptz)) as varchar),
                {{ expression }}
            )
        else {{ expression }}
    end
{%- endmacro %}
