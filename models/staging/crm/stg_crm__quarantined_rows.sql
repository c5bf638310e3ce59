with

leads as (
    {{ broken_rows('crm', 'leads') }}
),

lead_statuses as (
    {{ broken_rows('crm', 'lead_statuses') }}
),

lead_scores as (
    {{ broken_rows('crm', 'lead_scores') }}
),

accounts as (
    {{ broken_rows('crm', 'accounts') }}
),

opportunities as (
    {{ broken_rows('crm', 'opportunities') }}
),

opportunity_stages as (
    {{ broken_rows('crm', 'opportunity_stages') }}
),

final as (
    select * from leads
    union all
    select * from lead_statuses
    union all
    select * from lead_scores
    union all
    select * from accounts
    union all
    select * from opportunities
    union all
    select * from opportunity_stages
)

select * from final
