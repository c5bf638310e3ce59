{%- set properties = event_properties() %}

with

tracking_plan as (
    select
        event_name,
        list_transform(string_split(required_properties, ';'), lambda name: trim(name))
            as required_properties
    from {{ ref('tracking_plan') }}
),

deliveries as (
    select event_date, event_name, platform, missing_bits, events
    from {{ ref('int_event_deliveries') }}
    where not is_late
),

surplus_copies as (
    select
        event_date,
        event_name,
        coalesce(platform, 'unknown') as platform,
        {{ missing_property_bits() }} as missing_bits
    from {{ ref('int_duplicate_events') }}
    where event_id is not null and not is_counted
),

patterns as (
    select event_date, event_name, platform, missing_bits, events, 0 as copies from deliveries
    union all
    select event_date, event_name, platform, missing_bits, -1 as events, 1 as copies
    from surplus_copies
),

decoded as (
    select
        event_date,
        event_name,
        platform,
        list_filter(
            [
                null
                {%- for property in properties %},
                case when missing_bits & {{ 2 ** loop.index0 }} > 0 then '{{ property }}' end
                {%- endfor %}
            ],
            lambda name: name is not null
        ) as missing_properties,
        cast(sum(events) as bigint) as events,
        cast(sum(copies) as bigint) as copies
    from patterns
    group by event_date, event_name, platform, missing_properties
),

event_dates as (
    select event_date from {{ ref('int_event_dates') }}
),

final as (
    select
        decoded.event_date,
        decoded.event_name,
        decoded.platform,
        decoded.missing_properties,
        decoded.events,
        decoded.copies,
        tracking_plan.event_name is not null as is_planned,
        coalesce(
            list_has_any(decoded.missing_properties, tracking_plan.required_properties), false
        ) as is_missing_property
    from decoded
    inner join event_dates
        on decoded.event_date = event_dates.event_date
    left join tracking_plan
        on decoded.event_name = tracking_plan.event_name
)

select * from final
