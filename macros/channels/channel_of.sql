{% macro channel_of(relation, when_blank) -%}
    case
        when {{ relation }}.source is null and {{ relation }}.medium is null then '{{ when_blank }}'
        else coalesce(
            channel_exact.channel,
            channel_by_source.channel,
            channel_by_medium.channel,
            'other'
        )
    end
{%- endmacro %}
