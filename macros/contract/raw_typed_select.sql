{% macro raw_typed_select(relation, delivered) %}
select
    {%- for column in model.columns.values() %}
    {%- if column.name in delivered %}
    {{ column.name }}
    {%- else %}
    cast(null as {{ column.data_type }}) as {{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
