with

valid as (
    {{ valid_rows('erp', 'currency_rates') }}
),

final as (
    select
        upper(currency) as currency,
        rate,
        rate_date,
        loaded_at
    from valid
)

select * from final
