{% macro restated_rows(system, entity) %}
    {%- set relation = ref('raw_' ~ system ~ '__' ~ entity) -%}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set contract = contract_of(system, entity) -%}
    {%- set columns, key = contract.columns.values() | list, contract.config.meta.key -%}
    with versions as (
        select
            {%- for column in columns %}
            {{ typed(column) }} as {{ column.name }},
            {%- endfor %}
            concat_ws('|', {{ key | join(', ') }}) as row_key
        from {{ relation }}
        where {{ keeps_contract(contract) }}
        qualify row_number() over (
            partition by {{ typed_key(contract) }}, try_cast(loaded_at as timestamp)
            order by {{ delivered_order(columns) }}
        ) = 1
    ),

    compared as (
        select
            row_key,
            loaded_at,
            lag(loaded_at) over version_history as previous_loaded_at,
            [
                {%- for column in columns if column.name != 'loaded_at' and column.name not in key %}
                case
                    when {{ column.name }} is distinct from lag({{ column.name }}) over version_history
                        then '{{ column.name }}'
                end{{ ',' if not loop.last }}
                {%- endfor %}
            ] as differences
        from versions
        window version_history as (partition by {{ key | join(', ') }} order by loaded_at)
    ),

    listed as (
        select
            row_key,
            loaded_at,
            previous_loaded_at,
            list_filter(differences, lambda difference: difference is not null) as changes
        from compared
        where previous_loaded_at is not null
    )

    select
        '{{ system }}.{{ entity }}' as source_table,
        row_key,
        array_to_string(changes, ', ') as changed_columns,
        previous_loaded_at,
        loaded_at as restated_at
    from listed
    where len(changes) > 0
{%- endmacro %}
