{% test whole_counts(model, columns) %}
{#- a count is known and not below zero -#}
select {{ columns | join(', ') }}
from {{ model }}
where
    {%- for column in columns %}
    {{ 'or ' if not loop.first }}coalesce({{ column }}, -1) < 0
    {%- endfor %}
{% endtest %}
