{% macro raw_untidy_columns(file) -%}
    {#- without a verdict on every file no column is known to be tidy -#}
    {%- if not load_relation(raw_inspected_files()) or run_query(raw_uninspected_files(file)).rows -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query(
        "select distinct unnest(untidy_columns) from " ~ raw_inspected_files()
        ~ " where filename in (select filename from read_blob(" ~ file.files ~ "))"
    ).columns[0].values() | list) }}
{%- endmacro %}
