{% macro raw_schema_check() %}
    {%- set place, parts = var('raw_schema'), var('raw_schema').split('.') -%}
    {%- if not parts[-1] -%}
        {{ exceptions.raise_compiler_error(
            "raw_source is schema but raw_schema is empty; set raw_schema to schema or catalog.schema."
        ) }}
    {%- endif -%}
    {%- set catalog = parts[0] if parts | length > 1 else target.database -%}
    {%- set schemas = run_query(
        'select schema_name from duckdb_schemas() where lower(database_name) = lower('
        ~ raw_text_literal(catalog) ~ ') order by 1'
    ).columns[0].values() | list -%}
    {%- if parts[-1] | lower not in schemas | map('lower') -%}
        {{ exceptions.raise_compiler_error(
            "raw_schema is " ~ place ~ ", and there is no such schema"
            ~ ("; " ~ catalog ~ " has " ~ schemas | join(', ') if schemas else ", nor an attached database " ~ catalog)
            ~ ". Set raw_schema to the schema or catalog.schema that holds the tables <system>__<entity>."
        ) }}
    {%- endif -%}
    {%- set contract, found = raw_contract(), [] -%}
    {%- for system in contract -%}
        {%- set tables = raw_delivered_tables(system) -%}
        {%- for entity, relation in tables.items() -%}
            {%- do found.append(entity) -%}
            {%- set delivered = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
            {{ raw_missing_columns(contract[system][entity].required, delivered, relation) }}
        {%- endfor -%}
        {%- for entity, table in contract[system].items() if tables and table.is_required and entity not in tables -%}
            {{ exceptions.raise_compiler_error(
                "The required table " ~ system ~ "." ~ entity ~ " is missing in " ~ place ~ ", which has "
                ~ tables | join(', ') ~ " of that system; deliver " ~ system ~ "__" ~ entity
                ~ " with the columns of docs/raw_contract.md, or leave the whole system out."
            ) }}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error(
            place ~ " delivers no table; it should hold tables named <system>__<entity>, such as erp__orders."
        ) }}
    {%- endif -%}
{% endmacro %}
