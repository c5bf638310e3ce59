{% macro raw_typed_select(relation, delivered_types, untidy_columns=none) %}
select
    {%- for column in model.columns.values() %}
    {%- if column.name not in delivered_types %}
    cast(null as {{ column.data_type }}) as {{ column.name }}
    {%- elif
        delivered_types[column.name] | upper in ('VARCHAR', 'TEXT', 'CHARACTER VARYING')
        and (untidy_columns is none or column.name in untidy_columns or column.data_type == 'timestamp')
    %}
    {{ raw_text(column) }} as {{ column.name }}
    {%- else %}
    {#- untouched, so that filters still reach the row groups of a file, and its dictionaries the groupings #}
    {{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
