{% macro channel_joins(relation) -%}
    left join {{ ref('channel_map') }} as channel_exact
        on {{ relation }}.source = channel_exact.source
        and {{ relation }}.medium = channel_exact.medium
    left join {{ ref('channel_map') }} as channel_by_source
        on {{ relation }}.source = channel_by_source.source
        and channel_by_source.medium = '*'
    left join {{ ref('channel_map') }} as channel_by_medium
        on channel_by_medium.source = '*'
        and {{ relation }}.medium = channel_by_medium.medium
{%- endmacro %}
