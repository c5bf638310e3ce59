with

orders as (
    {{ restated_rows('erp', 'orders') }}
),

order_lines as (
    {{ restated_rows('erp', 'order_lines') }}
),

refunds as (
    {{ restated_rows('erp', 'refunds') }}
),

payments as (
    {{ restated_rows('erp', 'payments') }}
),

products as (
    {{ restated_rows('erp', 'products') }}
),

currency_rates as (
    {{ restated_rows('erp', 'currency_rates') }}
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
