{% macro typed(column) %}
    {#- a whole-number type would round a fraction without a word -#}
    {%- if column.data_type in ('bigint', 'integer') -%}
        try_cast(case when try_cast({{ column.name }} as double) = floor(try_cast({{ column.name }} as double)) then {{ column.name }} end as {{ column.data_type }})
    {%- else -%}
        try_cast({{ column.name }} as {{ column.data_type }})
    {%- endif -%}
{% endmacro %}
