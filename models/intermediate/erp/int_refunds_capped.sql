with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

orders as (
    select order_id, currency_rate, gmv_amount from {{ ref('int_orders_valid') }}
),

refunds as (
    select
        erp_refunds.refund_id,
        erp_refunds.order_id,
        erp_refunds.refunded_at,
        {{ reporting_date('erp_refunds.refunded_at') }} as refund_date,
        cast(round(erp_refunds.amount * orders.currency_rate, 2) as decimal(18, 2))
            as requested_amount,
        greatest(orders.gmv_amount, 0) as refundable_amount,
        orders.gmv_amount is null as is_missing_rate
    from {{ ref('stg_erp__refunds') }} as erp_refunds
    inner join orders
        on erp_refunds.order_id = orders.order_id
    inner join reporting_window
        on {{ reporting_date('erp_refunds.refunded_at') }} <= reporting_window.as_of_date
),

cumulated as (
    select
        *,
        sum(requested_amount) over (
            partition by order_id
            order by refunded_at, refund_id
            rows between unbounded preceding and current row
        ) as requested_so_far
    from refunds
),

-- together the refunds of an order give back at most its goods value
final as (
    select
        refund_id,
        order_id,
        requested_amount,
        -- least() would pass over a null
        case
            when not is_missing_rate then cast(
                least(requested_so_far, refundable_amount)
                - least(requested_so_far - requested_amount, refundable_amount) as decimal(18, 2)
            )
        end as refund_amount,
        refund_date,
        refunded_at
    from cumulated
)

select * from final
