{% macro changed_dates(buckets, date_column, condition='true') -%}
    {{ return(run_query(
        "with wanted as (select distinct event_date, fingerprint from " ~ buckets ~ " where " ~ condition ~ "),"
        ~ " held as (select distinct " ~ date_column ~ ", fingerprint from " ~ this ~ ")"
        ~ " select event_date from (from wanted except from held union from (from held except from wanted))"
        ~ " order by event_date"
    ).columns[0].values() | list) }}
{%- endmacro %}
