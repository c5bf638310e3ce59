{%- set properties = event_properties() %}

with

tracking_plan as (
    select
        event_name,
        list_transform(string_split(required_properties, ';'), lambda name: trim(name))
            as required_properties
    from {{ ref('tracking_plan') }}
),

events as (
    select * replace (nullif(campaign, '(none)') as campaign)
    from {{ ref('int_events_deduplicated') }}
),

-- one bit per property: the plan is held against the few patterns, not against every event
patterns as (
    select
        event_date,
        event_name,
        coalesce(platform, 'unknown') as platform,
        0
        {%- for property in properties %}
        + case when {{ property }} is null then {{ 2 ** loop.index0 }} else 0 end
        {%- endfor %} as missing_bits,
        count(*) as events
    from events
    group by event_date, event_name, coalesce(platform, 'unknown'), missing_bits
),

decoded as (
    select
        *,
        list_filter(
            [
                null
                {%- for property in properties %},
                case when missing_bits & {{ 2 ** loop.index0 }} > 0 then '{{ property }}' end
                {%- endfor %}
            ],
            lambda name: name is not null
        ) as missing_properties
    from patterns
),

final as (
    select
        decoded.event_date,
        decoded.event_name,
        decoded.platform,
        decoded.missing_properties,
        decoded.events,
        tracking_plan.event_name is not null as is_planned,
        coalesce(
            list_has_any(decoded.missing_properties, tracking_plan.required_properties), false
        ) as is_missing_property
    from decoded
    left join tracking_plan
        on decoded.event_name = tracking_plan.event_name
)

select * from final
