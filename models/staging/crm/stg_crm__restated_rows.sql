with

leads as (
    {{ restated_rows('crm', 'leads') }}
),

lead_statuses as (
    {{ restated_rows('crm', 'lead_statuses') }}
),

lead_scores as (
    {{ restated_rows('crm', 'lead_scores') }}
),

accounts as (
    {{ restated_rows('crm', 'accounts') }}
),

opportunities as (
    {{ restated_rows('crm', 'opportunities') }}
),

opportunity_stages as (
    {{ restated_rows('crm', 'opportunity_stages') }}
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
