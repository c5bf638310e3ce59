{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

currency_rates as (
    select currency, rate_date, rate from {{ ref('stg_erp__currency_rates') }}
),

orders as (
    select
        erp_orders.*,
        {{ reporting_date('erp_orders.ordered_at') }} as order_date
    from {{ ref('stg_erp__orders') }} as erp_orders
    where
        not erp_orders.is_test
        and (
            erp_orders.status = 'paid'
            or (erp_orders.status = 'on_terms' and erp_orders.sales_channel = 'sales_led')
        )
),

converted as (
    select
        orders.*,
        {{ reporting_rate('orders.currency') }} as currency_rate,
        {{ in_reporting_currency('orders.list_amount', 'orders.currency') }}
            as reporting_list_amount,
        {{ in_reporting_currency('orders.discount_amount', 'orders.currency') }}
            as reporting_discount_amount
    from orders
    inner join reporting_window
        on orders.order_date <= reporting_window.as_of_date
    left join currency_rates
        on orders.currency = currency_rates.currency
        and orders.order_date = currency_rates.rate_date
),

final as (
    select
        order_id,
        user_id,
        account_id,
        opportunity_id,
        sales_channel,
        coalesce(platform, 'unknown') as platform,
        coalesce(country, 'unknown') as country,
        currency,
        currency_rate,
        list_amount as own_list_amount,
        discount_amount as own_discount_amount,
        reporting_list_amount as list_amount,
        reporting_discount_amount as discount_amount,
        cast(reporting_list_amount - reporting_discount_amount as decimal(18, 2)) as gmv_amount,
        order_date,
        ordered_at
    from converted
)

select * from final
