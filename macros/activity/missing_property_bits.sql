{% macro missing_property_bits() -%}
    0
        {%- for property in event_properties() %}
        {%- set value = "nullif(campaign, '(none)')" if property == 'campaign' else property %}
        + case when {{ value }} is null then {{ 2 ** loop.index0 }} else 0 end
        {%- endfor %}
{%- endmacro %}
