{% macro get_incremental_redo_loaded_dates_sql(arguments) %}
    {#- the last loaded day may have been added to; another source or contract makes all rows stale -#}
    delete from {{ arguments.target_relation }}
    where
        source_fingerprint != {{ source_fingerprint() }}
        or loaded_date is null
        or loaded_date >= (
            select max(loaded_date) from {{ arguments.target_relation }}
            where source_fingerprint = {{ source_fingerprint() }}
        );
    insert into {{ arguments.target_relation }} by name
    select * from {{ arguments.temp_relation }}
{% endmacro %}
