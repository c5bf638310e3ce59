with

valid as (
    {{ valid_rows('cdp', 'events') }}
),

final as (
    select
        event_id,
        device_id,
        user_id,
        product_id,
        event_name,
        platform,
        country,
        page,
        feature,
        lower(source) as source,
        lower(medium) as medium,
        coalesce(lower(campaign), '(none)') as campaign,
        coalesce(traffic_type, 'human') as traffic_type,
        {{ reporting_date('occurred_at') }} as event_date,
        occurred_at,
        loaded_at
    from valid
)

select * from final
