{% macro raw_typed_select(relation, delivered_types) %}
select
    {%- for column in model.columns.values() %}
    {%- if column.name not in delivered_types %}
    cast(null as {{ column.data_type }}) as {{ column.name }}
    {%- elif delivered_types[column.name] | upper in ('VARCHAR', 'TEXT', 'CHARACTER VARYING') %}
    {{ raw_text(column) }} as {{ column.name }}
    {%- else %}
    {#- untouched, so that a filter on it still reaches the row groups of a Parquet file #}
    {{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
