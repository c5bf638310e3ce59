with

products as (
    select * from {{ ref('stg_erp__products') }}
),

final as (
    select
        product_id,
        coalesce(product_name, product_id) as product_name,
        coalesce(category, 'unknown') as category,
        coalesce(brand, 'unknown') as brand,
        {{ reporting_date('launched_at') }} as launched_date
    from products
)

select * from final
