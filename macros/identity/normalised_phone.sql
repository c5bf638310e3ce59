{% macro normalised_phone(phone) -%}
    {%- set digits = "regexp_replace(regexp_replace(" ~ half_width(phone) ~ ", '[^0-9]', '', 'g'), '^00', '')" -%}
    {#- most numbers are bare digits without a prefix -#}
    case
        when regexp_full_match({{ phone }}, '[1-79][0-9]{6,}') then {{ phone }}
        else nullif(
            regexp_replace(
                regexp_replace({{ digits }}, '^86(\d{11})$', '\1'), '^\d{0,6}$', ''
            ),
            ''
        )
    end
{%- endmacro %}
