{% macro broken_rows(system, entity) %}
    {%- set relation = ref('raw_' ~ system ~ '__' ~ entity) -%}
    {%- if not execute %}{{ return('select 1') }}{% endif -%}
    {%- set contract = contract_of(system, entity) -%}
    {%- set columns, key = contract.columns.values() | list, contract.config.meta.key -%}
    with delivered as (
        select
            *,
            {%- if contract.config.meta.versioned %}
            row_number() over (
                partition by {{ typed_key(contract) }}, try_cast(loaded_at as timestamp), {{ keeps_contract(contract) }}
                order by {{ delivered_order(columns) }}
            ) as copy_number
            {%- else %} 1 as copy_number {%- endif %}
        from {{ relation }}
    ),

    -- few rows: only for these is the reason, and the row as text, worth its price
    suspects as (
        select * from delivered
        where copy_number > 1 or not ({{ keeps_contract(contract) }})
    ),

    judged as (
        select
            list_filter([
                {%- for rule, conditions in contract_rules(contract).items() if conditions %}
                case when {{ conditions | join(' or ') }} then '{{ rule }}' end{{ ',' if not loop.last }}
                {%- endfor %}
            ], lambda rule: rule is not null) as broken_rules,
            copy_number,
            concat_ws('|', {{ key | join(', ') }}) as row_key,
            cast(to_json(struct_pack(
                {%- for column in columns %}
                {%- if column.config.meta.pii %}
                {{ column.name }} := case when {{ column.name }} is not null then '(hidden)' end
                {%- else %}
                {{ column.name }} := {{ column.name }}
                {%- endif %}{{ ',' if not loop.last }}
                {%- endfor %}
            )) as varchar) as source_row,
            try_cast(loaded_at as timestamp) as loaded_on
        from suspects
    )

    select
        '{{ system }}.{{ entity }}' as source_table,
        unnest(
            case
                when len(broken_rules) = 0 and copy_number > 1 then ['duplicate_key']
                else broken_rules
            end
        ) as rule,
        row_key,
        source_row,
        loaded_on as loaded_at
    from judged
{%- endmacro %}
