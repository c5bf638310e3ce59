with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

leads as (
    select
        lead_id,
        merged_into_lead_id,
        verified_email_hash,
        verified_phone_hash,
        created_at
    from {{ ref('stg_crm__leads') }}
),

crm_merges as (
    select
        leads.lead_id,
        targets.lead_id as target_lead_id,
        greatest(leads.created_at, targets.created_at) as merged_at
    from leads
    inner join leads as targets
        on leads.merged_into_lead_id = targets.lead_id
        and leads.lead_id != targets.lead_id
),

owners as (
    select
        'user' as owner_type,
        user_id as owner_id,
        verified_email_hash,
        verified_phone_hash,
        registered_at as known_at
    from {{ ref('stg_cdp__users') }}
    union all
    select
        'lead' as owner_type,
        lead_id as owner_id,
        verified_email_hash,
        verified_phone_hash,
        created_at as known_at
    from leads
),

-- listed and unnested, for a filter on the hashes themselves would compute each of them twice
contacts as (
    select
        owner_type,
        owner_id,
        known_at,
        unnest(['email', 'phone']) as contact_type,
        unnest([verified_email_hash, verified_phone_hash]) as contact_hash
    from owners
),

edges as (
    select
        'identity_links' as edge_source,
        method,
        {{ identifier_key('left_type', 'left_id') }} as left_key,
        {{ identifier_key('right_type', 'right_id') }} as right_key,
        left_type,
        left_id,
        right_type,
        right_id,
        linked_at,
        revoked_at
    from {{ ref('stg_cdp__identity_links') }}
    union all
    select
        'leads' as edge_source,
        'crm_merge' as method,
        {{ identifier_key("'lead'", 'lead_id') }} as left_key,
        {{ identifier_key("'lead'", 'target_lead_id') }} as right_key,
        'lead' as left_type,
        lead_id as left_id,
        'lead' as right_type,
        target_lead_id as right_id,
        merged_at as linked_at,
        null as revoked_at
    from crm_merges
    union all
    select
        'events' as edge_source,
        'login' as method,
        device_key as left_key,
        user_key as right_key,
        'device' as left_type,
        device_id as left_id,
        'user' as right_type,
        user_id as right_id,
        first_at as linked_at,
        null as revoked_at
    from {{ ref('int_device_users') }}
    where device_id is not null and user_id is not null
    union all
    select
        'contacts' as edge_source,
        contact_type as method,
        {{ identifier_key('owner_type', 'owner_id') }} as left_key,
        {{ identifier_key('contact_type', 'contact_hash') }} as right_key,
        owner_type as left_type,
        owner_id as left_id,
        contact_type as right_type,
        contact_hash as right_id,
        known_at as linked_at,
        null as revoked_at
    from contacts
    where contact_hash is not null
),

final as (
    select edges.*
    from edges
    inner join reporting_window
        on {{ reporting_date('edges.linked_at') }} <= reporting_window.as_of_date
)

select * from final
