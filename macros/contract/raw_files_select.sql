{% macro raw_files_select(system, entity) %}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set root = var('raw_path') -%}
    {%- if not root -%}
        {{ exceptions.raise_compiler_error(
            "raw_source is files but raw_path is empty; set raw_path to the folder that holds "
            ~ "<system>/<entity>.parquet, .csv or .json."
        ) }}
    {%- endif -%}
    {%- set tables = raw_delivered_files(root, system) -%}
    {%- if entity not in tables -%}
        {{ raw_absent_select(system, entity, tables, root ~ '/' ~ system) }}
    {%- else -%}
        {%- set file = tables[entity] -%}
        {%- if file.format == 'parquet' -%}
            {%- set reader = "read_parquet('" ~ file.pattern ~ "', union_by_name = true, hive_partitioning = false)" -%}
        {%- elif file.format == 'csv' -%}
            {%- set reader = "read_csv('" ~ file.pattern
                ~ "', all_varchar = true, union_by_name = true, header = true, delim = ',', quote = '\"')" -%}
        {%- else -%}
            {%- set reader = "read_json('" ~ file.pattern
                ~ "', union_by_name = true, columns = " ~ raw_json_columns() ~ ")" -%}
        {%- endif -%}
        {%- set problem = run_query("select source_problem('" ~ (reader | replace("'", "''")) ~ "')").rows[0][0] -%}
        {%- if problem -%}
            {{ exceptions.raise_compiler_error(
                "The file " ~ file.pattern ~ " for " ~ system ~ "." ~ entity ~ " cannot be read ("
                ~ problem ~ "); deliver it again or take it out of the folder."
            ) }}
        {%- endif -%}
        {%- set probe = "read_json_auto('" ~ file.pattern ~ "', union_by_name = true)" if file.format == 'json' else reader -%}
        {%- set delivered_types = {} -%}
        {%- for row in run_query('describe select * from ' ~ probe).rows -%}
            {%- do delivered_types.update({row[0]: row[1]}) -%}
        {%- endfor -%}
        {{ raw_missing_columns(delivered_types, file.pattern) }}
        {%- if file.format == 'parquet' -%}
            {{ raw_typed_select(reader, delivered_types) }}
        {%- else -%}
            {{ raw_text_select(reader, delivered_types) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
