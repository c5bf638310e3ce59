{% macro raw_text_inspection() %}
    {%- if execute and var('raw_source') == 'files' -%}
        {%- set inspected = raw_inspected_files() -%}
        {%- if flags.FULL_REFRESH -%}{%- do run_query('drop table if exists ' ~ inspected) -%}{%- endif -%}
        {%- do adapter.create_schema(inspected) -%}
        {%- do run_query(
            'create table if not exists ' ~ inspected
            ~ ' (filename varchar primary key, size bigint, last_modified timestamptz, untidy_columns varchar[])'
        ) -%}
        {%- for system, entities in raw_contract().items() -%}
            {%- for entity in entities if ['model', project_name, 'raw_' ~ system ~ '__' ~ entity] | join('.') in selected_resources -%}
                {%- set file = raw_delivered_file(system, entity) -%}
                {%- if file and file.format == 'parquet' -%}
                    {%- set new_files = run_query(raw_uninspected_files(file)).columns[0].values() | list -%}
                    {%- if new_files -%}
                        {{ log('Inspecting the text of ' ~ new_files | length ~ ' files of ' ~ system ~ '.' ~ entity, info=true) }}
                        {%- do run_query(raw_inspected_text(file, new_files, entities[entity].columns)) -%}
                    {%- endif -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
