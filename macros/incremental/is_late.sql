{% macro is_late(occurred_at, loaded_at, accepted_until_at) -%}
    coalesce(
            {{ loaded_at }} > {{ accepted_until_at }}
            and epoch_us({{ loaded_at }})
            > epoch_us({{ occurred_at }}) + {{ late_data_days() * 86400000000 }},
            false
        )
{%- endmacro %}
