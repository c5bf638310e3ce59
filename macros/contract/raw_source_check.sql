{% macro raw_source_check() %}
    {%- set raw_models = [] -%}
    {%- for name in selected_resources if execute and name.split('.')[-1].startswith('raw_') -%}
        {%- do raw_models.append(name) -%}
    {%- endfor -%}
    {%- if raw_models and var('raw_source') == 'files' -%}
        {%- set arguments = [raw_text_literal(var('raw_path')), raw_text_literal(tojson(raw_contract()))] -%}
        {%- set problem = run_query('select raw_files_problem(' ~ arguments | join(', ') ~ ')').rows[0][0] -%}
        {%- if problem -%}{{ exceptions.raise_compiler_error(problem) }}{%- endif -%}
    {%- elif raw_models and var('raw_source') == 'schema' -%}
        {%- do raw_schema_check() -%}
    {%- endif -%}
{% endmacro %}
