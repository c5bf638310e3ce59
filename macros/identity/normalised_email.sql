{% macro normalised_email(email) -%}
    nullif(
        regexp_replace(
            regexp_replace(lower({{ half_width(email) }}), '\s', '', 'g'),
            '^([^@+]*)(\+[^@]*)?@(.+)$|^.*$', '\1@\3'
        ),
        '@'
    )
{%- endmacro %}
