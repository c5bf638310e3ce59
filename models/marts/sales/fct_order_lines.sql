with

lines as (
    select * from {{ ref('int_order_lines_costed') }}
),

final as (
    select
        order_line_id,
        order_id,
        product_id,
        category,
        brand,
        quantity,
        gmv_amount,
        cast(round(cogs_amount, 2) as decimal(18, 2)) as cogs_amount,
        order_date
    from lines
)

select * from final
