with

valid as (
    {{ valid_rows('crm', 'opportunities') }}
),

final as (
    select
        opportunity_id,
        lead_id,
        account_id,
        owner_id,
        amount,
        coalesce(upper(currency), '{{ reporting_currency() }}') as currency,
        coalesce(is_test, false) as is_test,
        created_at,
        loaded_at
    from valid
)

select * from final
