-- depends_on: {{ ref('raw_cdp__events') }}
with

required as (
    select
        event_name,
        trim(unnest(string_split(required_properties, ';'))) as property
    from {{ ref('tracking_plan') }}
)

select * from required
where
    property not in (
        '{{ contract_of('cdp', 'events').columns.keys() | join("', '") if execute }}'
    )
