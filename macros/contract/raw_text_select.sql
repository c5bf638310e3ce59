{% macro raw_text_select(relation, delivered=none) %}
select
    {%- for column in model.columns.values() %}
    {%- if delivered is not none and column.name not in delivered %}
    cast(null as varchar) as {{ column.name }}
    {%- else %}
    {{ raw_text(column) }} as {{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
