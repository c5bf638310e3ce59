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
                '(' ~ column.name ~ ' is not null and ' ~ column.name ~ " not in ('" ~ meta.enum | join("', '") ~ "'))"
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
        {%- if column.name != 'loaded_at' and not meta.may_lie_ahead -%}
            {%- set skew, loaded = var('clock_skew_minutes'), 'try_cast(loaded_at as timestamp)' -%}
            {%- if column.data_type == 'timestamp' -%}
                {#- whole numbers: adding an interval to every row costs as much as reading it -#}
                {%- do future.append(
                    'coalesce(epoch_us(' ~ value ~ ') > epoch_us(' ~ loaded ~ ') + ' ~ (skew * 60000000) | int ~ ', false)'
                ) -%}
            {%- elif column.data_type == 'date' -%}
                {%- do future.append(
                    'coalesce(' ~ value ~ ' > ' ~ reporting_date(loaded ~ ' + interval ' ~ skew ~ ' minute') ~ ', false)'
                ) -%}
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
