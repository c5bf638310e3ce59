{% macro raw_source_check() %}
    {%- set raw_models = [] -%}
    {%- for name in selected_resources if execute and name.split('.')[-1].startswith('raw_') -%}
        {%- do raw_models.append(name) -%}
    {%- endfor -%}
    {%- if raw_models and var('raw_source') == 'files' -%}
        {%- set arguments = [raw_text_literal(var('raw_path')), raw_text_literal(tojson(raw_contract()))] -%}
        {%- for check in ('raw_files_problem', 'raw_files_too_large') -%}
            {%- set problem = run_query('select ' ~ check ~ '(' ~ arguments | join(', ') ~ ')').rows[0][0] -%}
            {%- if problem -%}{{ exceptions.raise_compiler_error(problem) }}{%- endif -%}
        {%- endfor -%}
    {%- elif raw_models and var('raw_source') == 'schema' -%}
        {%- do raw_schema_check() -%}
    {%- endif -%}
{% endmacro %}
