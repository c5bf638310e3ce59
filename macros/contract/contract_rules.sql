{% macro contract_rules(contract) %}
    {#- rule name -> condition over the columns as delivered; a condition is never null -#}
    {%- set missing, badly_typed, unknown, out_of_range, future = [], [], [], [], [] -%}
    {%- for column in contract.columns.values() -%}
        {%- set meta, value = column.config.meta, typed(column) -%}
        {%- if meta.required -%}
            {%- do missing.append(column.name ~ ' is null') -%}
        {%- endif -%}
        {%- if column.data_type != 'varchar' -%}
            {%- do badly_typed.append('(' ~ column.name ~ ' is not null and ' ~ value ~ ' is null)') -%}
        {%- endif -%}
        {%- if meta.enum -%}
            {%- do unknown.append(
                'coalesce(' ~ column.name ~ " not in ('" ~ meta.enum | join("', '") ~ "'), false)"
            ) -%}
        {%- endif -%}
        {%- if meta.min is defined -%}
            {%- do out_of_range.append('coalesce(' ~ value ~ ' < ' ~ meta.min ~ ', false)') -%}
        {%- endif -%}
        {%- if meta.above is defined -%}
            {%- do out_of_range.append('coalesce(' ~ value ~ ' <= ' ~ meta.above ~ ', false)') -%}
        {%- endif -%}
        {%- if column.data_type in ('timestamp', 'date') -%}
            {%- do out_of_range.append(
                'coalesce(' ~ value ~ " < date '" ~ var('earliest_date') ~ "', false)"
            ) -%}
        {%- endif -%}
        {%- set horizon = 'try_cast(loaded_at as timestamp) + interval ' ~ var('clock_skew_minutes') ~ ' minute' -%}
        {%- if column.name != 'loaded_at' and not meta.may_lie_ahead -%}
            {%- if column.data_type == 'timestamp' -%}
                {%- do future.append('coalesce(' ~ value ~ ' > ' ~ horizon ~ ', false)') -%}
            {%- elif column.data_type == 'date' -%}
                {%- do future.append('coalesce(' ~ value ~ ' > ' ~ reporting_date(horizon) ~ ', false)') -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set rules = {
        'missing_value': missing,
        'bad_type': badly_typed,
        'unknown_enum': unknown,
        'out_of_range': out_of_range,
        'future_timestamp': future,
    } -%}
    {%- if contract.config.meta.any_of -%}
        {%- do rules.update({'missing_identifier': [
            'coalesce(' ~ contract.config.meta.any_of | join(', ') ~ ') is null'
        ]}) -%}
    {%- endif -%}
    {{ return(rules) }}
{% endmacro %}
