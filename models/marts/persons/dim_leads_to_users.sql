with

bindings as (
    select lead_id, user_id, is_primary_user from {{ ref('dim_lead_users') }}
),

final as (
    select
        lead_id,
        max(user_id) filter (where is_primary_user) as user_id,
        count(*) as users_bound
    from bindings
    group by lead_id
)

select * from final
