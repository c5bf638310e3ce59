with

orders as (
    {{ broken_rows('erp', 'orders') }}
),

order_lines as (
    {{ broken_rows('erp', 'order_lines') }}
),

refunds as (
    {{ broken_rows('erp', 'refunds') }}
),

payments as (
    {{ broken_rows('erp', 'payments') }}
),

products as (
    {{ broken_rows('erp', 'products') }}
),

currency_rates as (
    {{ broken_rows('erp', 'currency_rates') }}
),

final as (
    select * from orders
    union all
    select * from order_lines
    union all
    select * from refunds
    union all
    select * from payments
    union all
    select * from products
    union all
    select * from currency_rates
)

select * from final
