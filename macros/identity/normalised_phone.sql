{% macro normalised_phone(phone) -%}
    {%- set digits = "regexp_replace(regexp_replace(" ~ half_width(phone) ~ ", '[^0-9]', '', 'g'), '^00', '')" -%}
    nullif(
        regexp_replace(
            regexp_replace({{ digits }}, '^86(\d{11})$', '\1'), '^\d{0,6}$', ''
        ),
        ''
    )
{%- endmacro %}
