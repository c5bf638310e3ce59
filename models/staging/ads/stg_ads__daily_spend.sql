with

valid as (
    {{ valid_rows('ads', 'daily_spend') }}
),

final as (
    select
        campaign_id,
        campaign_name,
        {{ cleaned('source') }} as source,
        {{ cleaned('medium') }} as medium,
        coalesce({{ cleaned('campaign') }}, {{ cleaned('campaign_id') }}) as campaign,
        coalesce(upper(currency), '{{ reporting_currency() }}') as currency,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        coalesce(spend, 0) as spend,
        spend_date,
        loaded_at
    from valid
)

select * from final
