with

refunds as (
    select * from {{ ref('int_refunds_capped') }}
),

final as (
    select
        refund_id,
        order_id,
        refund_amount,
        requested_amount,
        refund_date,
        refunded_at
    from refunds
)

select * from final
