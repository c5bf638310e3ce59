with

channels as (
    select * from {{ ref('channels') }}
),

final as (
    select
        channel,
        channel_name_en,
        channel_name_zh,
        is_paid
    from channels
)

select * from final
