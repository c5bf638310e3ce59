{% macro raw_uninspected_files(file) -%}
    {#- only the names and sizes are asked for, so no file is read -#}
    select filename, size, last_modified from read_blob({{ file.files }}) as files
    where (filename, size, last_modified) not in (
        select (filename, size, last_modified) from {{ raw_inspected_files() }}
    )
{%- endmacro %}
