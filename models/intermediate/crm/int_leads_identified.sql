with

leads as (
    select * from {{ ref('int_leads_merged') }}
    where is_valid
),

qualifications as (
    select
        surviving_lead_id,
        qualified_at
    from {{ ref('int_leads_qualified') }}
),

identities as (
    select
        identifier_id,
        person_id
    from {{ ref('int_identities') }}
    where identifier_type = 'lead'
),

final as (
    select
        leads.lead_id,
        identities.person_id,
        leads.account_id,
        coalesce(leads.owner_id, 'unknown') as owner_id,
        leads.channel,
        leads.campaign,
        leads.source,
        leads.landing_page,
        coalesce(leads.country, 'unknown') as country,
        leads.created_date,
        {{ reporting_date('qualifications.qualified_at') }} as qualified_date,
        leads.created_at,
        qualifications.qualified_at
    from leads
    left join qualifications
        on leads.lead_id = qualifications.surviving_lead_id
    left join identities
        on leads.lead_id = identities.identifier_id
)

select * from final
