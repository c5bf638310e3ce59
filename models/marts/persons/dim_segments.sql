with

segments as (
    select first_channel, country, customer_type, home_platform from {{ ref('dim_persons') }}
    union
    -- what has no person: orders without a user, leads that nobody can be told from
    select
        'unknown' as first_channel,
        'unknown' as country,
        'consumer' as customer_type,
        'unknown' as home_platform
),

final as (
    select
        {{ segment_key('first_channel', 'country', 'customer_type', 'home_platform') }}
            as segment_id,
        first_channel,
        country,
        customer_type,
        home_platform
    from segments
)

select * from final
