with

valid as (
    {{ valid_rows('erp', 'products') }}
),

final as (
    select
        product_id,
        product_name,
        category,
        brand,
        list_price,
        unit_cost,
        launched_at,
        loaded_at
    from valid
)

select * from final
