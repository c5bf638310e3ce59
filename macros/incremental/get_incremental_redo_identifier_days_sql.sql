{% macro get_incremental_redo_identifier_days_sql(arguments) %}
    delete from {{ arguments.target_relation }}
    where {{ redone_identifier_days('activity_date') }};
    insert into {{ arguments.target_relation }} by name
    select * from {{ arguments.temp_relation }}
{% endmacro %}
