-- Bound leads have one primary user and bound users one primary lead; the two maps repeat them.
with

bindings as (
    select lead_id, user_id, is_primary_user, is_primary_lead from {{ ref('dim_lead_users') }}
),

lead_primaries as (
    select
        bindings.lead_id as bound_id,
        count(*) filter (where bindings.is_primary_user) as primaries,
        count(*) filter (
            where bindings.is_primary_user and bindings.user_id = leads_to_users.user_id
        ) as mapped
    from bindings
    left join {{ ref('dim_leads_to_users') }} as leads_to_users
        on bindings.lead_id = leads_to_users.lead_id
    group by bindings.lead_id
),

user_primaries as (
    select
        bindings.user_id as bound_id,
        count(*) filter (where bindings.is_primary_lead) as primaries,
        count(*) filter (
            where bindings.is_primary_lead and bindings.lead_id = users_to_leads.lead_id
        ) as mapped
    from bindings
    left join {{ ref('dim_users_to_leads') }} as users_to_leads
        on bindings.user_id = users_to_leads.user_id
    group by bindings.user_id
),

final as (
    select * from lead_primaries
    where primaries != 1 or mapped != 1
    union all
    select * from user_primaries
    where primaries != 1 or mapped != 1
)

select * from final
