{% macro on_dates(dates, event_date='event_date', occurred_at='occurred_at') -%}
    {%- if dates is none -%}
        true
    {%- elif not dates -%}
        false
    {%- else -%}
        {#- the bounds reach the files, which hold instants; no time zone is a day from UTC -#}
        {{ event_date }} in ({% for date in dates %}date '{{ date }}'{{ ', ' if not loop.last }}{% endfor %})
        and {{ occurred_at }} >= cast(date '{{ dates[0] }}' - 1 as timestamp)
        and {{ occurred_at }} < cast(date '{{ dates[-1] }}' + 2 as timestamp)
    {%- endif -%}
{%- endmacro %}
