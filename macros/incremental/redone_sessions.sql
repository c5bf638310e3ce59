{% macro redone_sessions(started_at='session_started_at', ended_at='session_ended_at') -%}
    {%- set devices, buckets = ref('int_shared_devices'), ref('int_event_buckets') -%}
    {%- if not execute or not is_incremental() -%}{{ return('true') }}{%- endif -%}
    {%- set dates = changed_dates(buckets, 'session_date', 'is_human') -%}
    {#- a login on a shared device says anew whose the events before it are, on whatever day -#}
    device_key in (
            select device_key from {{ devices }}
            union all
            select device_key from {{ this }}
            where is_shared_device
        )
        {%- if dates %}
        {#- a day ends up to half a day off UTC, and what a timeout joins to it lies within another -#}
        {%- set first = "cast(date '" ~ dates[0] ~ "' - 2 as timestamp)" -%}
        {%- set last = "cast(date '" ~ dates[-1] ~ "' + 3 as timestamp)" -%}
        {%- if started_at == 'started_at' -%}
            {#- sessions that reach out of these days are cut from all of their events -#}
            {%- set bounds = run_query(
                "select cast(min(session_started_at) as varchar), cast(max(session_ended_at) as varchar) from " ~ this
                ~ " where session_ended_at >= " ~ first ~ " and session_started_at < " ~ last
            ).rows[0] -%}
            {%- if bounds[0] -%}
                {%- set first = "least(" ~ first ~ ", timestamp '" ~ bounds[0] ~ "')" -%}
                {%- set last = "greatest(" ~ last ~ ", timestamp '" ~ bounds[1] ~ "' + interval 1 microsecond)" -%}
            {%- endif -%}
        {%- endif %}
        or ({{ ended_at }} >= {{ first }} and {{ started_at }} < {{ last }})
        {%- endif %}
{%- endmacro %}
