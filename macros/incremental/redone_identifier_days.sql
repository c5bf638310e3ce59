{% macro redone_identifier_days(date_column) -%}
    {%- set devices, logins = ref('int_shared_devices'), ref('int_shared_device_logins') -%}
    {%- set buckets = ref('int_event_buckets') -%}
    {%- if not execute or not is_incremental() -%}{{ return('true') }}{%- endif -%}
    {%- set dates = changed_dates(buckets, 'activity_date') -%}
    {#- a login on a shared device says anew whose the events before it are, on whatever day -#}
    identifier_key in (
            select device_key from {{ devices }}
            union all
            select user_key from {{ logins }}
            union all
            select identifier_key from {{ this }}
            where is_shared_device
        )
        {%- if dates %}
        or {{ date_column }} in ({% for date in dates %}date '{{ date }}'{{ ', ' if not loop.last }}{% endfor %})
        {%- endif %}
{%- endmacro %}
