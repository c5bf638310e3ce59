with

refunds as (
    select
        order_id,
        sum(refund_amount) as refund_amount
    from {{ ref('fct_refunds') }}
    group by order_id
)

select orders.order_id
from {{ ref('fct_orders') }} as orders
left join refunds
    on orders.order_id = refunds.order_id
where orders.gmv_amount is not null and coalesce(refunds.refund_amount, 0) != orders.refund_amount
