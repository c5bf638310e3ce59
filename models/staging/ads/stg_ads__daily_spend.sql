with

valid as (
    {{ valid_rows('ads', 'daily_spend') }}
),

final as (
    select
        campaign_id,
        campaign_name,
        lower(source) as source,
        lower(medium) as medium,
        coalesce(lower(campaign), lower(campaign_id)) as campaign,
        coalesce(upper(currency), '{{ reporting_currency() }}') as currency,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        coalesce(spend, 0) as spend,
        spend_date,
        loaded_at
    from valid
)

select * from final
