{% macro hashed(text) -%}
    sha256('{{ env_var("TRUNKLINE_IDENTITY_SALT", "") }}' || {{ text }})
{%- endmacro %}
