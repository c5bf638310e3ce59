{% macro get_incremental_redo_sessions_sql(arguments) %}
    delete from {{ arguments.target_relation }}
    where {{ redone_sessions() }};
    insert into {{ arguments.target_relation }} by name
    select * from {{ arguments.temp_relation }}
{% endmacro %}
