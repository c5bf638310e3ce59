{% macro no_person_segment() -%}
    {{ segment_key("'unknown'", "'unknown'", "'consumer'", "'unknown'") }}
{%- endmacro %}
