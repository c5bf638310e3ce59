{% macro raw_files_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set file = raw_delivered_file(system, entity) -%}
    {%- if not file -%}
        {{ raw_absent_select() }}
    {%- else -%}
        {%- set reader = file.reader -%}
        {%- set delivered = run_query('describe select * from ' ~ reader).columns[0].values() | list -%}
        {%- if file.format == 'parquet' -%}
            {{ raw_typed_select(reader, delivered) }}
        {%- else -%}
            {{ raw_text_select(reader, delivered) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
