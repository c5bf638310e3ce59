{% macro valid_rows(system, entity) %}
    {%- set relation = ref('raw_' ~ system ~ '__' ~ entity) -%}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set contract = contract_of(system, entity) -%}
    {%- set columns = contract.columns.values() | list -%}
select
        {%- for column in columns %}
        {{ typed(column) }} as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where {{ keeps_contract(contract) }}
    {%- if contract.config.meta.versioned %}
    qualify row_number() over (
        partition by {{ typed_key(contract) }}
        order by try_cast(loaded_at as timestamp) desc, {{ delivered_order(columns) }}
    ) = 1
    {%- endif %}
{%- endmacro %}
