with

own_lines as (
    select
        order_id,
        count(*) as line_count,
        sum(list_amount - discount_amount) as own_amount
    from {{ ref('stg_erp__order_lines') }}
    group by order_id
),

-- lines that do not add up in the order's own currency cannot in another
orders as (
    select
        valid_orders.order_id,
        valid_orders.gmv_amount,
        own_lines.line_count
    from {{ ref('int_orders_valid') }} as valid_orders
    inner join own_lines
        on valid_orders.order_id = own_lines.order_id
    where valid_orders.own_list_amount - valid_orders.own_discount_amount = own_lines.own_amount
),

lines as (
    select
        order_id,
        sum(gmv_amount) as gmv_amount
    from {{ ref('fct_order_lines') }}
    group by order_id
)

select
    orders.order_id,
    orders.gmv_amount,
    lines.gmv_amount as lines_gmv_amount
from orders
inner join lines
    on orders.order_id = lines.order_id
where abs(orders.gmv_amount - lines.gmv_amount) > orders.line_count * 0.01
