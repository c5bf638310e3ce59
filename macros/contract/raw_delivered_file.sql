{% macro raw_delivered_file(system, entity) %}
    {%- set arguments = [] -%}
    {%- for text in (var('raw_path'), tojson(raw_contract()), system, entity) -%}
        {%- do arguments.append(raw_text_literal(text)) -%}
    {%- endfor -%}
    {%- set answer = run_query('select raw_files_reader(' ~ arguments | join(', ') ~ ')').rows[0][0] -%}
    {%- set file = fromjson(answer) if answer else none -%}
    {%- if file and file.problem -%}{{ exceptions.raise_compiler_error(file.problem) }}{%- endif -%}
    {{ return(file) }}
{% endmacro %}
