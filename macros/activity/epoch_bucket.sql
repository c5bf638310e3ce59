{% macro epoch_bucket(timestamp, seconds) -%}
    (epoch_us({{ timestamp }}) // {{ seconds * 1000000 }})
{%- endmacro %}
