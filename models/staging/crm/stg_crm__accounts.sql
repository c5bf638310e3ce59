with

valid as (
    {{ valid_rows('crm', 'accounts') }}
),

final as (
    select
        account_id,
        industry,
        segment as account_size,
        country,
        created_at,
        loaded_at
    from valid
)

select * from final
