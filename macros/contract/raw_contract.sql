{% macro raw_contract() %}
    {%- set systems = {} -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'model' and node.name.startswith('raw_') -%}
            {%- set system, entity = node.name.removeprefix('raw_').split('__') -%}
            {%- set required = [] -%}
            {%- for column in node.columns.values() if column.config.meta.required -%}
                {%- do required.append(column.name) -%}
            {%- endfor -%}
            {%- do systems.setdefault(system, {}).update({entity: {
                'columns': node.columns.keys() | list,
                'required': required,
                'is_required': node.config.meta.presence == 'required',
            }}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(systems) }}
{% endmacro %}
