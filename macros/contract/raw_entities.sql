{% macro raw_entities(system) %}
    {%- set entities = [] -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'model' and node.name.startswith('raw_' ~ system ~ '__') -%}
            {%- do entities.append(node.name.split('__')[1]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(entities | sort) }}
{% endmacro %}
