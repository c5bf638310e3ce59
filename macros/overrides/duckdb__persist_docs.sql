{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {#- dbt-duckdb looks at the columns twice and fetches an answer from every comment: a fifth of what
        a small model costs. A documented column that is absent fails here instead of being left out. -#}
    {%- set comments -%}
    {%- if for_relation and config.persist_relation_docs() and model.description %}
        {{ alter_relation_comment(relation, model.description) }}
    {%- endif %}
    {%- if for_columns and config.persist_column_docs() %}
    {%- for name, column in model.columns.items() %}
        comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }}
            is {{ duckdb_escape_comment(column['description']) }};
    {%- endfor %}
    {%- endif %}
    {%- endset %}
    {%- if comments | trim %}
        {%- call statement('persist_docs', auto_begin=False) %}{{ comments }}{% endcall %}
    {%- endif %}
{%- endmacro %}
