{% macro get_incremental_redo_event_dates_sql(arguments) %}
    {#- a day that no longer exists goes as well, though no new row replaces it -#}
    delete from {{ arguments.target_relation }}
    where (event_date, fingerprint) not in (
        select event_date, fingerprint from {{ ref('int_event_dates') }}
    );
    insert into {{ arguments.target_relation }} by name
    select * from {{ arguments.temp_relation }};
    {#- what a Python model hands over is a table that would stay #}
    drop table if exists {{ arguments.temp_relation }}
{% endmacro %}
