with

required as (
    select
        event_name,
        trim(unnest(string_split(required_properties, ';'))) as property
    from {{ ref('tracking_plan') }}
)

select * from required
where property not in ('{{ event_properties() | join("', '") }}')
