with

bindings as (
    select lead_id, user_id, is_primary_lead from {{ ref('dim_lead_users') }}
),

final as (
    select
        user_id,
        max(lead_id) filter (where is_primary_lead) as lead_id,
        count(*) as leads_bound
    from bindings
    group by user_id
)

select * from final
