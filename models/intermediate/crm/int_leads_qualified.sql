with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

leads as (
    select lead_id, surviving_lead_id from {{ ref('int_leads_merged') }}
),

mql_rules as (
    select
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        min_fit_score,
        min_intent_score
    from {{ ref('mql_rules') }}
),

scores as (
    select
        leads.surviving_lead_id,
        crm_scores.fit_score,
        crm_scores.intent_score,
        crm_scores.scored_at,
        {{ reporting_date('crm_scores.scored_at') }} as scored_date
    from {{ ref('stg_crm__lead_scores') }} as crm_scores
    inner join leads
        on crm_scores.lead_id = leads.lead_id
    inner join reporting_window
        on {{ reporting_date('crm_scores.scored_at') }} <= reporting_window.as_of_date
),

scored_leads as (
    select
        scores.surviving_lead_id,
        min(scores.scored_at) filter (
            where scores.fit_score >= mql_rules.min_fit_score
            and scores.intent_score >= mql_rules.min_intent_score
        ) as qualified_at
    from scores
    left join mql_rules
        on scores.scored_date between mql_rules.valid_from and mql_rules.valid_to
    group by scores.surviving_lead_id
),

-- a qualification by the CRM itself counts only where nobody scores
status_leads as (
    select
        leads.surviving_lead_id,
        min(statuses.changed_at) as qualified_at
    from {{ ref('stg_crm__lead_statuses') }} as statuses
    inner join leads
        on statuses.lead_id = leads.lead_id
    inner join reporting_window
        on {{ reporting_date('statuses.changed_at') }} <= reporting_window.as_of_date
    left join scored_leads
        on leads.surviving_lead_id = scored_leads.surviving_lead_id
    where
        statuses.status = 'qualified'
        and scored_leads.surviving_lead_id is null
    group by leads.surviving_lead_id
),

final as (
    select surviving_lead_id, qualified_at from scored_leads
    where qualified_at is not null
    union all
    select surviving_lead_id, qualified_at from status_leads
)

select * from final
