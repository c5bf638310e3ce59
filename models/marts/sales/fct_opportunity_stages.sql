with

opportunities as (
    select * from {{ ref('int_opportunities_staged') }}
),

entries as (
    select
        opportunity_id,
        'opportunity' as stage,
        1 as stage_order,
        created_at as entered_at,
        false as is_implied
    from opportunities

    union all

    select
        opportunity_id,
        'proposal' as stage,
        2 as stage_order,
        proposal_at as entered_at,
        coalesce(proposal_at != own_proposal_at, true) as is_implied
    from opportunities

    union all

    select
        opportunity_id,
        'negotiation' as stage,
        3 as stage_order,
        negotiation_at as entered_at,
        coalesce(negotiation_at != own_negotiation_at, true) as is_implied
    from opportunities

    union all

    select
        opportunity_id,
        outcome as stage,
        4 as stage_order,
        closed_at as entered_at,
        false as is_implied
    from opportunities
),

final as (
    select
        opportunity_id,
        stage,
        stage_order,
        is_implied,
        {{ reporting_date('entered_at') }} as entered_date,
        entered_at
    from entries
    where entered_at is not null
)

select * from final
