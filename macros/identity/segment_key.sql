{% macro segment_key(first_channel, country, customer_type, home_platform) -%}
    cast(
        md5_number_lower(concat_ws(
            '|', {{ first_channel }}, {{ country }}, {{ customer_type }}, {{ home_platform }}
        )) >> 1 as bigint
    )
{%- endmacro %}
