{% macro resumed_load() -%}
    {%- if not execute or not is_incremental() -%}{{ return(none) }}{%- endif -%}
    {{ return(run_query(
        "select max(loaded_date) from " ~ this
        ~ " where source_fingerprint = " ~ source_fingerprint()
    ).rows[0][0]) }}
{%- endmacro %}
