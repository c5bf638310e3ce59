with

spend as (
    select * from {{ ref('int_spend_converted') }}
),

deliveries as (
    select count(*) > 0 as have_leads from {{ ref('int_leads_identified') }}
),

final as (
    select
        spend.spend_date,
        spend.campaign_id,
        spend.campaign,
        spend.channel,
        spend.impressions,
        spend.clicks,
        case when deliveries.have_leads then spend.clicks end as clicks_beside_leads,
        spend.spend_amount
    from spend
    cross join deliveries
)

select * from final
