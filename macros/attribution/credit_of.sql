{% macro credit_of(path, totals) -%}
    {%- set outer_weight = '(' ~ path ~ '.first_weight + ' ~ path ~ '.last_weight)' -%}
    {#- decay counts from the newest touch that is left: old touches alone don't fade to zero -#}
    case
        when {{ path }}.kind = 'linear' or {{ totals }}.touches = 1
            then {{ safe_ratio('1', totals ~ '.touches') }}
        when {{ path }}.kind = 'time_decay'
            then {{ safe_ratio(
                decayed(totals ~ '.newest_age - ' ~ path ~ '.age_days', path ~ '.half_life_days'),
                totals ~ '.decayed'
            ) }}
        when {{ totals }}.touches > 2 and {{ path }}.place = {{ totals }}.first_place
            then {{ path }}.first_weight
        when {{ totals }}.touches > 2 and {{ path }}.place = {{ totals }}.last_place
            then {{ path }}.last_weight
        when {{ totals }}.touches > 2
            then {{ safe_ratio(path ~ '.middle_weight', totals ~ '.touches - 2') }}
        when {{ outer_weight }} = 0 then 0.5
        when {{ path }}.place = {{ totals }}.first_place
            then {{ safe_ratio(path ~ '.first_weight', outer_weight) }}
        else {{ safe_ratio(path ~ '.last_weight', outer_weight) }}
    end
{%- endmacro %}
