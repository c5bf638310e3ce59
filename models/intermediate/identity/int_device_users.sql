{{ config(materialized='table') }}

with

events as (
    select device_id, user_id, occurred_at from {{ ref('int_events_deduplicated') }}
),

final as (
    select
        device_id,
        user_id,
        count(*) as events,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from events
    group by device_id, user_id
)

select * from final
