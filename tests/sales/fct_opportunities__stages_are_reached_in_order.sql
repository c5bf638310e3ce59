-- a later stage implies the earlier ones, so that no stage lies before the one it follows
select opportunity_id
from {{ ref('fct_opportunities') }}
where
    negotiation_at < proposal_at
    or (negotiation_at is not null and proposal_at is null)
    or (is_won and negotiation_at is null)
    or (is_won and negotiation_at > closed_at)
