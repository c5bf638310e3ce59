{% macro raw_missing_columns(required, delivered, place) %}
    {%- for name in required if name not in delivered -%}
        {{ exceptions.raise_compiler_error(
            "The required column " ~ name ~ " is missing in " ~ place ~ ", which has "
            ~ delivered | join(', ') ~ "; add or rename it (docs/raw_contract.md says what it holds)."
        ) }}
    {%- endfor -%}
{% endmacro %}
