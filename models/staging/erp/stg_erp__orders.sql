with

valid as (
    {{ valid_rows('erp', 'orders') }}
),

final as (
    select
        order_id,
        user_id,
        account_id,
        opportunity_id,
        status,
        coalesce(sales_channel, 'own_online') as sales_channel,
        platform,
        country,
        coalesce(upper(currency), '{{ reporting_currency() }}') as currency,
        list_amount,
        coalesce(discount_amount, 0) as discount_amount,
        coalesce(freight_amount, 0) as freight_amount,
        coalesce(tax_amount, 0) as tax_amount,
        coalesce(is_test, false) as is_test,
        ordered_at,
        loaded_at
    from valid
)

select * from final
