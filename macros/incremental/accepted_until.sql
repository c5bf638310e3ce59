{% macro accepted_until(deliveries) -%}
    {%- set instant = none -%}
    {%- if execute and load_relation(deliveries) -%}
        {%- set instant = run_query(
            "select max(accepted_until_at) from " ~ deliveries
            ~ " where source_fingerprint = " ~ source_fingerprint()
        ).rows[0][0] -%}
    {%- endif -%}
    timestamp '{{ instant or '9999-12-31' }}'
{%- endmacro %}
