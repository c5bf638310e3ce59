{% macro raw_inspected_text(file, new_files, contract_columns) %}
    {%- set names, columns = [], [] -%}
    {%- for name in new_files -%}{%- do names.append(raw_text_literal(name)) -%}{%- endfor -%}
    {%- set files = '[' ~ names | join(', ') ~ ']' -%}
    {%- for row in run_query('describe select * from ' ~ file.reader).rows -%}
        {%- if row[1] == 'VARCHAR' and row[0] in contract_columns -%}{%- do columns.append(row[0]) -%}{%- endif -%}
    {%- endfor %}
insert or replace into {{ raw_inspected_files() }}
with

files as (
    select filename, size, last_modified from read_blob({{ files }})
),

verdicts as (
    select
        filename,
        list_filter([
            {%- for column in columns %}
            case when bool_or(not regexp_full_match({{ column }}, '{{ tidy_text() }}')) then '{{ column }}' end
            {{- ',' if not loop.last }}
            {%- endfor %}
        ], lambda untidy: untidy is not null) as untidy_columns
    from read_parquet({{ files }}, union_by_name = true, hive_partitioning = false, filename = true)
    group by filename
)

-- a file without a row has no verdict, and nothing untidy
select
    files.*,
    coalesce(verdicts.untidy_columns, []) as untidy_columns
from files
left join verdicts
    on files.filename = verdicts.filename
{% endmacro %}
