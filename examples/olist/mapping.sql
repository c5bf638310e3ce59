-- Olist's seller funnel as the raw contract: an mql_id is a lead, a seller_id the user that it became.
-- Olist writes local Brazilian time; the contract wants UTC.

set variable reporting_timezone = 'America/Sao_Paulo';
set variable reporting_currency = 'BRL';

create schema crm;
create schema cdp;

create table crm.leads as
select
    mql_id as lead_id,
    timezone('UTC', timezone('America/Sao_Paulo', cast(first_contact_date as timestamp)))
        as created_at,
    replace(origin, ' ', '_') as source,
    landing_page_id as landing_page,
    'BR' as country,
    timestamp '2018-11-15 12:00:00' as loaded_at
from read_csv(getvariable('data') || '/olist_marketing_qualified_leads_dataset.csv', all_varchar = true);

-- Olist delivers leads that its own team already qualified
create table crm.lead_statuses as
select
    lead_id,
    'qualified' as status,
    created_at as changed_at,
    loaded_at
from crm.leads;

create table crm.opportunities as
select
    'deal-' || mql_id as opportunity_id,
    mql_id as lead_id,
    sr_id as owner_id,
    seller_id,
    timezone('UTC', timezone('America/Sao_Paulo', cast(won_date as timestamp))) as created_at,
    timestamp '2018-11-15 12:00:00' as loaded_at
from read_csv(getvariable('data') || '/olist_closed_deals_dataset.csv', all_varchar = true);

-- only won deals are delivered: each is one opportunity that was won on the spot
create table crm.opportunity_stages as
select
    opportunity_id,
    'won' as stage,
    created_at as entered_at,
    loaded_at
from crm.opportunities;

create table cdp.users as
select
    seller_id as user_id,
    created_at as registered_at,
    'BR' as country,
    loaded_at
from crm.opportunities;

create table cdp.identity_links as
select
    'lead' as left_type,
    lead_id as left_id,
    'user' as right_type,
    seller_id as right_id,
    'crm_close' as method,
    created_at as linked_at,
    loaded_at
from crm.opportunities;
