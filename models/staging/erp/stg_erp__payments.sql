with

valid as (
    {{ valid_rows('erp', 'payments') }}
),

final as (
    select
        payment_id,
        order_id,
        status,
        method,
        coalesce(upper(currency), '{{ reporting_currency() }}') as currency,
        amount,
        paid_at,
        loaded_at
    from valid
)

select * from final
