with

channel_months as (
    select * from {{ ref('rpt_marketing_channel_monthly') }}
),

final as (
    select
        channel,
        channel__is_paid as is_paid,
        ad_spend,
        leads,
        cpl,
        case
            when cpl is not null then 'ok'
            -- clicks are known of every campaign day, spend only where its currency has a rate
            when ad_clicks is not null and ad_spend is null then 'missing_rate'
            when coalesce(ad_spend, 0) = 0 and coalesce(leads, 0) = 0 then 'no_data'
            when coalesce(ad_spend, 0) = 0 then 'no_spend'
            else 'no_leads'
        end as cpl_status,
        cast(metric_time__month as date) as month_date
    from channel_months
)

select * from final
