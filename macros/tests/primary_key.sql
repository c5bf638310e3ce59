{% test primary_key(model, columns, nullable=[]) %}
{#- one query for both halves of a key: never null, never twice -#}
with

keys as (
    select
        {{ (columns + nullable) | join(', ') }},
        count(*) as copies
    from {{ model }}
    group by {{ (columns + nullable) | join(', ') }}
)

select * from keys
where
    copies > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
