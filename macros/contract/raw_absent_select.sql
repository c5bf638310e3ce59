{% macro raw_absent_select(system, entity, delivered_tables, place) %}
    {%- if model.config.meta.presence == 'required' and delivered_tables -%}
        {{ exceptions.raise_compiler_error(
            "The required table " ~ system ~ "." ~ entity ~ " is missing in " ~ place ~ ", which has "
            ~ delivered_tables | join(', ') ~ "; deliver " ~ entity
            ~ " with the columns of docs/raw_contract.md, or leave the whole system out."
        ) }}
    {%- endif -%}
select
    {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- endfor %}
where false
{% endmacro %}
