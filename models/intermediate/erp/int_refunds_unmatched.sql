with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

refunds as (
    select
        refund_id,
        order_id,
        {{ reporting_date('refunded_at') }} as refund_date
    from {{ ref('stg_erp__refunds') }}
),

orders as (
    select order_id from {{ ref('stg_erp__orders') }}
),

final as (
    select
        refunds.refund_id,
        refunds.refund_date
    from refunds
    inner join reporting_window
        on refunds.refund_date <= reporting_window.as_of_date
    left join orders
        on refunds.order_id = orders.order_id
    where orders.order_id is null
)

select * from final
