{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

orders as (
    select order_id, currency_rate, order_date from {{ ref('int_orders_valid') }}
),

products as (
    select product_id, category, brand, unit_cost from {{ ref('stg_erp__products') }}
),

lines as (
    select
        order_lines.*,
        orders.currency_rate,
        orders.order_date,
        count(*) over (partition by order_lines.order_id) as lines_of_order
    from {{ ref('stg_erp__order_lines') }} as order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
),

returns as (
    select
        refunds.order_id,
        refunds.order_line_id,
        sum(refunds.quantity_returned) as units_restocked
    from {{ ref('stg_erp__refunds') }} as refunds
    inner join reporting_window
        on {{ reporting_date('refunds.refunded_at') }} <= reporting_window.as_of_date
    where refunds.is_restocked
    group by refunds.order_id, refunds.order_line_id
),

-- a return without a line is certain only where the order has one
line_returns as (
    select
        lines.order_line_id,
        sum(returns.units_restocked) as units_restocked
    from lines
    inner join returns
        on lines.order_id = returns.order_id
        and (
            lines.order_line_id = returns.order_line_id
            or (returns.order_line_id is null and lines.lines_of_order = 1)
        )
    group by lines.order_line_id
),

final as (
    select
        lines.order_line_id,
        lines.order_id,
        lines.product_id,
        coalesce(products.category, 'unknown') as category,
        coalesce(products.brand, 'unknown') as brand,
        lines.quantity,
        cast(
            round((lines.list_amount - lines.discount_amount) * lines.currency_rate, 2)
            as decimal(18, 2)
        ) as gmv_amount,
        -- a cost in a currency without a rate is unknown, not the product's
        case
            when lines.unit_cost is null then products.unit_cost
            else lines.unit_cost * lines.currency_rate
        end * (
            lines.quantity - least(coalesce(line_returns.units_restocked, 0), lines.quantity)
        ) as cogs_amount,
        lines.order_date
    from lines
    left join products
        on lines.product_id = products.product_id
    left join line_returns
        on lines.order_line_id = line_returns.order_line_id
)

select * from final
