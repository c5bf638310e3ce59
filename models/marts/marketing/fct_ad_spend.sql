with

spend as (
    select * from {{ ref('int_spend_converted') }}
),

final as (
    select
        spend_date,
        campaign_id,
        campaign,
        channel,
        impressions,
        clicks,
        spend_amount
    from spend
)

select * from final
