{% macro contract_of(system, entity) %}
    {{ return(graph.nodes['model.' ~ project_name ~ '.raw_' ~ system ~ '__' ~ entity]) }}
{% endmacro %}
