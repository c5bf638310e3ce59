{% macro raw_text_select(relation, delivered=none) %}
select
    {%- for column in model.columns.values() %}
    {%- if delivered is not none and column.name not in delivered %}
    cast(null as varchar) as {{ column.name }}
    {%- elif column.data_type == 'timestamp' %}
    {{ utc_text('nullif(trim(' ~ column.name ~ "), '')") }} as {{ column.name }}
    {%- else %}
    nullif(trim({{ column.name }}), '') as {{ column.name }}
    {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
{% endmacro %}
