{% macro normalised_email(email) -%}
    {#- most addresses are plain: nothing wide, blank or tagged is in them -#}
    case
        when regexp_full_match({{ email }}, '[!-*,-?A-~]+@[!-~]+') then lower({{ email }})
        else nullif(
            regexp_replace(
                regexp_replace(lower({{ half_width(email) }}), '\s', '', 'g'),
                '^([^@+]*)(\+[^@]*)?@(.+)$|^.*$', '\1@\3'
            ),
            '@'
        )
    end
{%- endmacro %}
