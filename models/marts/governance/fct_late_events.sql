with

late_events as (
    select * from {{ ref('int_late_events') }}
    where event_id is not null
),

final as (
    select
        event_id,
        event_name,
        {{ reporting_date('occurred_at') }} as event_date,
        {{ reporting_date('loaded_at') }} as loaded_date,
        occurred_at,
        loaded_at
    from late_events
)

select * from final
