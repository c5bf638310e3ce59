{% macro redone_dates() -%}
    {%- if not execute or not is_incremental() -%}{{ return(none) }}{%- endif -%}
    {%- set dates = run_query(
        "select event_date from " ~ ref('int_event_dates') ~ " where (event_date, fingerprint) not in"
        ~ " (select distinct event_date, fingerprint from " ~ this ~ ") order by event_date"
    ).columns[0].values() -%}
    {{ return(dates | list) }}
{%- endmacro %}
