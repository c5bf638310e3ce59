{{ config(materialized='table') }}

{%- set ties = [
    'event_name', 'device_id', 'user_id', 'platform', 'country', 'page', 'feature', 'product_id',
    'source', 'medium', 'campaign',
] %}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

events as (
    select event_id, {{ ties | join(', ') }}, traffic_type, occurred_at, loaded_at
    from {{ ref('stg_cdp__events') }}
),

-- one narrow pass over all events; what follows touches only the few that came twice
delivered_again as (
    select
        event_id,
        count(*) as copies
    from events
    group by event_id
    having count(*) > 1
),

-- copies of one instant are told apart by what they say, never by the order of rows
counted_copies as (
    select
        events.*,
        delivered_again.copies,
        {{ reporting_date('events.occurred_at') }} as event_date
    from events
    inner join delivered_again
        on events.event_id = delivered_again.event_id
    qualify row_number() over (
        partition by events.event_id
        order by
            events.occurred_at,
            events.loaded_at,
            {%- for column in ties %}
            events.{{ column }} nulls last,
            {%- endfor %}
            events.traffic_type
    ) = 1
),

final as (
    select counted_copies.*
    from counted_copies
    inner join reporting_window
        on counted_copies.event_date <= reporting_window.as_of_date
)

select * from final
