-- list - discount = goods value, goods value - refunds = revenue, revenue - cost = gross profit
select order_id
from {{ ref('fct_orders') }}
where
    list_amount - discount_amount != gmv_amount
    or gmv_amount - refund_amount != revenue_amount
    or revenue_amount - cogs_amount != gross_profit_amount
    or refund_amount < 0
    or (gmv_amount >= 0 and revenue_amount < 0)
