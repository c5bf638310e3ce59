{% macro raw_missing_columns(delivered, place) %}
    {%- for column in model.columns.values() -%}
        {%- if column.config.meta.required and column.name not in delivered -%}
            {{ exceptions.raise_compiler_error(
                "The required column " ~ column.name ~ " is missing in " ~ place ~ ", which has "
                ~ delivered | join(', ') ~ "; add or rename it (docs/raw_contract.md says what it holds)."
            ) }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
