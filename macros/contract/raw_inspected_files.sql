{% macro raw_inspected_files() -%}
    {{ return(api.Relation.create(
        database=target.database, schema=target.schema, identifier='inspected_files', type='table'
    )) }}
{%- endmacro %}
