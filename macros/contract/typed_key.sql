{% macro typed_key(contract) %}
    {#- one instant spelled in two ways is one key -#}
    {%- for name in contract.config.meta.key -%}
        {{ typed(contract.columns[name]) | trim }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}
