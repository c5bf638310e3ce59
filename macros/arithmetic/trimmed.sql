{% macro trimmed(text) -%}
    {#- the rule out of three equal ones that costs least per row: most text needs no trimming -#}
    case
        when regexp_full_match({{ text }}, '[!-~](.*[!-~])?') then {{ text }}
        else nullif(regexp_replace({{ text }}, '^[\s\v\p{Z}]+|[\s\v\p{Z}]+$', '', 'g'), '')
    end
{%- endmacro %}
