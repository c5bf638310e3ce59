with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

identities as (
    select identifier_type, identifier_id, person_id from {{ ref('int_identities') }}
    where person_id is not null
),

edges as (
    select left_type, left_id, right_type, right_id, linked_at
    from {{ ref('int_identity_edges_guarded') }}
    where reason is null
),

leads as (
    select
        merged_leads.lead_id,
        merged_leads.is_valid,
        merged_leads.own_created_at,
        identities.person_id
    from {{ ref('int_leads_merged') }} as merged_leads
    inner join identities
        on identities.identifier_type = 'lead'
        and merged_leads.lead_id = identities.identifier_id
),

users as (
    select cdp_users.user_id, cdp_users.registered_at, identities.person_id
    from {{ ref('stg_cdp__users') }} as cdp_users
    inner join identities
        on identities.identifier_type = 'user'
        and cdp_users.user_id = identities.identifier_id
    inner join reporting_window
        on {{ reporting_date('cdp_users.registered_at') }} <= reporting_window.as_of_date
),

direct_edges as (
    select left_id as lead_id, right_id as user_id, linked_at from edges
    where left_type = 'lead' and right_type = 'user'
    union all
    select right_id as lead_id, left_id as user_id, linked_at from edges
    where left_type = 'user' and right_type = 'lead'
),

direct_links as (
    select lead_id, user_id, min(linked_at) as linked_at
    from direct_edges
    group by lead_id, user_id
),

bindings as (
    select
        leads.lead_id,
        users.user_id,
        leads.person_id,
        direct_links.linked_at,
        row_number() over (
            partition by leads.lead_id
            order by
                direct_links.linked_at asc nulls last,
                users.registered_at asc,
                users.user_id asc
        ) as user_rank,
        row_number() over (
            partition by users.user_id
            order by
                leads.is_valid desc,
                direct_links.linked_at asc nulls last,
                leads.own_created_at asc,
                leads.lead_id asc
        ) as lead_rank
    from leads
    inner join users
        on leads.person_id = users.person_id
    left join direct_links
        on leads.lead_id = direct_links.lead_id
        and users.user_id = direct_links.user_id
),

final as (
    select
        lead_id,
        user_id,
        person_id,
        linked_at is not null as is_direct,
        user_rank = 1 as is_primary_user,
        lead_rank = 1 as is_primary_lead,
        linked_at
    from bindings
)

select * from final
