{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

survivors as (
    select lead_id, surviving_lead_id from {{ ref('int_lead_survivors') }}
),

leads as (
    select
        crm_leads.*,
        coalesce(survivors.surviving_lead_id, crm_leads.lead_id) as surviving_lead_id,
        {{ reporting_date('crm_leads.created_at') }} as own_created_date
    from {{ ref('stg_crm__leads') }} as crm_leads
    left join survivors
        on crm_leads.lead_id = survivors.lead_id
),

lead_groups as (
    select
        leads.surviving_lead_id,
        -- the survivor's own value first, then the oldest member's
        {%- for column in ['country', 'account_id', 'owner_id'] %}
        arg_min(
            leads.{{ column }},
            (leads.lead_id != leads.surviving_lead_id, leads.created_at, leads.lead_id)
        ) filter (where leads.{{ column }} is not null) as {{ column }},
        {%- endfor %}
        arg_min(
            struct_pack(
                source := leads.source,
                medium := leads.medium,
                campaign := leads.campaign,
                landing_page := leads.landing_page,
                created_at := leads.created_at
            ),
            (leads.created_at, leads.lead_id)
        ) as origin
    from leads
    inner join reporting_window
        on leads.own_created_date <= reporting_window.as_of_date
    where not leads.is_deleted
    group by leads.surviving_lead_id
),

origins as (
    select
        lead_groups.surviving_lead_id,
        lead_groups.country,
        lead_groups.account_id,
        lead_groups.owner_id,
        lead_groups.origin.source,
        lead_groups.origin.medium,
        lead_groups.origin.campaign,
        lead_groups.origin.landing_page,
        lead_groups.origin.created_at
    from lead_groups
),

channelled as (
    select
        origins.*,
        {{ channel_of('origins', 'unknown') }} as channel
    from origins
    {{ channel_joins('origins') }}
),

final as (
    select
        leads.lead_id,
        leads.surviving_lead_id,
        channelled.account_id,
        channelled.owner_id,
        channelled.channel,
        channelled.campaign,
        coalesce(channelled.source, '(blank)') as source,
        channelled.landing_page,
        channelled.country,
        leads.lead_id = leads.surviving_lead_id
        and not leads.is_deleted
        and not leads.is_test as is_valid,
        {{ reporting_date('channelled.created_at') }} as created_date,
        channelled.created_at,
        leads.created_at as own_created_at
    from leads
    inner join reporting_window
        on leads.own_created_date <= reporting_window.as_of_date
    left join channelled
        on leads.surviving_lead_id = channelled.surviving_lead_id
)

select * from final
