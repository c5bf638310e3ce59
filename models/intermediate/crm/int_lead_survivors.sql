with recursive

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

leads as (
    select
        crm_leads.lead_id,
        crm_leads.merged_into_lead_id,
        crm_leads.is_deleted
    from {{ ref('stg_crm__leads') }} as crm_leads
    inner join reporting_window
        on {{ reporting_date('crm_leads.created_at') }} <= reporting_window.as_of_date
),

walks as (
    select
        lead_id,
        [lead_id] as path
    from leads
    where merged_into_lead_id is not null

    union all

    select
        walks.lead_id,
        list_append(walks.path, targets.lead_id) as path
    from walks
    inner join leads
        on walks.path[-1] = leads.lead_id
    inner join leads as targets
        on leads.merged_into_lead_id = targets.lead_id
    where not list_contains(walks.path, targets.lead_id)
),

longest_walks as (
    select
        walks.lead_id,
        walks.path,
        -- where the chain runs into itself, from here on it is a cycle
        list_position(walks.path, leads.merged_into_lead_id) as cycle_start
    from walks
    inner join leads
        on walks.path[-1] = leads.lead_id
    qualify row_number() over (partition by walks.lead_id order by len(walks.path) desc) = 1
),

members as (
    select
        lead_id,
        cycle_start,
        unnest(path) as member_lead_id,
        unnest(range(1, len(path) + 1)) as place
    from longest_walks
),

final as (
    select
        members.lead_id,
        coalesce(
            min(members.member_lead_id) filter (where members.place >= members.cycle_start),
            arg_max(members.member_lead_id, members.place)
        ) as surviving_lead_id
    from members
    inner join leads
        on members.member_lead_id = leads.lead_id
    where not leads.is_deleted
    group by members.lead_id
)

select * from final
