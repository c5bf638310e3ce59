with

valid as (
    {{ valid_rows('erp', 'refunds') }}
),

final as (
    select
        refund_id,
        order_id,
        order_line_id,
        amount,
        coalesce(quantity_returned, 0) as quantity_returned,
        coalesce(is_restocked, false) as is_restocked,
        refunded_at,
        loaded_at
    from valid
)

select * from final
