with

required as (
    select
        event_name,
        trim(unnest(string_split(required_properties, ';'))) as property
    from {{ ref('tracking_plan') }}
)

select * from required
where
    true
    {%- for column in event_properties() %}
    and property != '{{ column }}'
    {%- endfor %}
