{% macro raw_delivered_files(root, system) %}
    {%- set tables = {} -%}
    {%- set listing = run_query(
        "select file from glob('" ~ root ~ "/" ~ system ~ "/*') union all "
        ~ "select file from glob('" ~ root ~ "/" ~ system ~ "/*/**') order by 1"
    ) -%}
    {%- set folder = (root ~ '/' ~ system ~ '/') | replace('\\', '/') -%}
    {%- for row in listing.rows -%}
        {%- set path = row[0] | replace('\\', '/') -%}
        {%- set parts = path[(folder | length):].split('/') -%}
        {%- set extension = path.split('.')[-1] | lower -%}
        {%- if extension in ('parquet', 'csv', 'json', 'ndjson', 'jsonl') -%}
            {%- set name = parts[0] if parts | length > 1 else parts[0].split('.')[0] -%}
            {%- set file_format = 'json' if extension in ('json', 'ndjson', 'jsonl') else extension -%}
            {%- set pattern = folder ~ name ~ '/**/*.' ~ extension if parts | length > 1 else path -%}
            {%- if tables.get(name, {'pattern': pattern}).pattern != pattern -%}
                {{ exceptions.raise_compiler_error(
                    system ~ "." ~ name ~ " is delivered twice, as " ~ tables[name].pattern ~ " and as "
                    ~ pattern ~ "; keep one of them."
                ) }}
            {%- endif -%}
            {%- do tables.update({name: {'pattern': pattern, 'format': file_format}}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set known = raw_entities(system) -%}
    {%- for name in tables if name not in known -%}
        {{ exceptions.raise_compiler_error(
            "The file " ~ tables[name].pattern ~ " belongs to no table of the raw contract; " ~ system
            ~ " has " ~ known | join(', ') ~ ". Rename it or take it out of the folder."
        ) }}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}
