with

valid as (
    {{ valid_rows('erp', 'order_lines') }}
),

final as (
    select
        order_line_id,
        order_id,
        product_id,
        quantity,
        coalesce(list_amount, 0) as list_amount,
        coalesce(discount_amount, 0) as discount_amount,
        unit_cost,
        loaded_at
    from valid
)

select * from final
