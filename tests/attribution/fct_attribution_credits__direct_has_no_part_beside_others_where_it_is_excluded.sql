with

credited as (
    select
        credits.conversion_type,
        credits.conversion_id,
        credits.attribution_model,
        count(*) filter (where credits.channel = 'direct') as direct_touches,
        count(*) filter (where credits.channel != 'direct') as other_touches
    from {{ ref('fct_attribution_credits') }} as credits
    inner join {{ ref('attribution_models') }} as attribution_models
        on credits.attribution_model = attribution_models.attribution_model
    where attribution_models.direct_policy = 'exclude_unless_only'
    group by credits.conversion_type, credits.conversion_id, credits.attribution_model
)

select * from credited
where
    direct_touches > 0
    and other_touches > 0
