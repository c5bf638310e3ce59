{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

currency_rates as (
    select currency, rate_date, rate from {{ ref('stg_erp__currency_rates') }}
),

spend as (
    select daily_spend.*
    from {{ ref('stg_ads__daily_spend') }} as daily_spend
    inner join reporting_window
        on daily_spend.spend_date <= reporting_window.as_of_date
),

final as (
    select
        spend.campaign_id,
        spend.campaign_name,
        spend.campaign,
        {{ channel_of('spend', 'unknown') }} as channel,
        spend.impressions,
        spend.clicks,
        {{ in_reporting_currency('spend.spend', 'spend.currency') }} as spend_amount,
        spend.spend_date
    from spend
    left join currency_rates
        on spend.currency = currency_rates.currency
        and spend.spend_date = currency_rates.rate_date
    {{ channel_joins('spend') }}
)

select * from final
