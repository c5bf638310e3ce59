with

accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

final as (
    select
        account_id,
        coalesce(industry, 'unknown') as industry,
        coalesce(account_size, 'unknown') as account_size,
        coalesce(country, 'unknown') as country,
        {{ reporting_date('created_at') }} as created_date
    from accounts
)

select * from final
