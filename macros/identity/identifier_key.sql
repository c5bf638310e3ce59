{% macro identifier_key(identifier_type, identifier_id) -%}
    cast(md5_number_lower({{ identifier_type }} || ':' || {{ identifier_id }}) >> 1 as bigint)
{%- endmacro %}
