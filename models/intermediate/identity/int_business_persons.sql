with

identities as (
    select identifier_type, identifier_id, person_id from {{ ref('int_identities') }}
    where person_id is not null
),

account_identifiers as (
    select 'lead' as identifier_type, lead_id as identifier_id from {{ ref('int_leads_merged') }}
    where is_valid and account_id is not null
    union all
    select 'user' as identifier_type, user_id as identifier_id from {{ ref('int_orders_valid') }}
    where user_id is not null and account_id is not null
),

final as (
    select distinct identities.person_id
    from account_identifiers
    inner join identities
        on account_identifiers.identifier_type = identities.identifier_type
        and account_identifiers.identifier_id = identities.identifier_id
)

select * from final
