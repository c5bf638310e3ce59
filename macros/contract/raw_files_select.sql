{% macro raw_files_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set file = raw_delivered_file(system, entity) -%}
    {%- if not file -%}
        {{ raw_absent_select() }}
    {%- else -%}
        {%- set reader = file.reader -%}
        {%- set delivered_types = {} -%}
        {%- for row in run_query('describe select * from ' ~ reader).rows -%}
            {%- do delivered_types.update({row[0]: row[1]}) -%}
        {%- endfor -%}
        {%- if file.format == 'parquet' -%}
            {{ raw_typed_select(reader, delivered_types, raw_untidy_columns(file)) }}
        {%- else -%}
            {{ raw_text_select(reader, delivered_types) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
