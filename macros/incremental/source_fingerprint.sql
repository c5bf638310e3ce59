{% macro source_fingerprint() -%}
    {%- set settings = [] -%}
    {%- if execute -%}
        {%- for name in [
            'raw_source', 'raw_path', 'raw_schema', 'earliest_date', 'clock_skew_minutes',
            'reporting_timezone', 'session_timeout_minutes', 'late_data_days',
        ] -%}
            {%- do settings.append(var(name) | string) -%}
        {%- endfor -%}
        {#- unit tests have no graph -#}
        {%- if graph.nodes -%}
            {%- for column in contract_of('cdp', 'events').columns.values() -%}
                {%- do settings.append(column.name ~ column.data_type ~ column.config.meta) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return("md5('" ~ settings | join('|') | replace("'", "''") ~ "')") }}
{%- endmacro %}
