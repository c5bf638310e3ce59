{% macro cohort_flags(goal, entered, reached, window_variable) -%}
    {%- set days = var(window_variable) -%}
    {%- if days is not number or days < 0 -%}
        {{ exceptions.raise_compiler_error(
            "The variable " ~ window_variable ~ " is '" ~ days
            ~ "'; set it to a number of days, 0 or more."
        ) }}
    {%- endif -%}
    coalesce({{ entered }} + {{ days }} <= reporting_window.as_of_date, false)
            as is_{{ goal }}_mature,
        coalesce({{ reached }} <= {{ entered }} + {{ days }}, false) as reached_{{ goal }}_in_window
{%- endmacro %}
