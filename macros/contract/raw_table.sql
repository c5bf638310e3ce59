{% macro raw_table(system, entity) %}
    {%- set source = var('raw_source') -%}
    {%- if source == 'seeds' -%}
        {{ raw_text_select(ref(system ~ '__' ~ entity)) }}
    {%- elif source == 'files' -%}
        {{ raw_files_select(system, entity) }}
    {%- elif source == 'schema' -%}
        {{ raw_schema_select(system, entity) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "The variable raw_source is '" ~ source ~ "'; set it to seeds, files or schema."
        ) }}
    {%- endif -%}
{% endmacro %}
