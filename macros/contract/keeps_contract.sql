{% macro keeps_contract(contract) -%}
    true
        {%- for conditions in contract_rules(contract).values() %}
        {%- for condition in conditions %}
        and not {{ condition }}
        {%- endfor %}
        {%- endfor %}
{%- endmacro %}
