{% macro event_properties() %}
    {{ return([
        'device_id', 'user_id', 'platform', 'country', 'page', 'feature', 'product_id', 'source',
        'medium', 'campaign',
    ]) }}
{% endmacro %}
