-- a table, so that a refused setting stops the run here, before any credit is computed
{{ config(materialized='table') }}

with

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

refusals as (
    select string_agg(problem, ' ' order by problem) as problems
    from {{ ref('int_attribution_refusals') }}
),

final as (
    select
        case
            when refusals.problems is null then attribution_models.attribution_model
            else {{ raise_error('refusals.problems') }}
        end as attribution_model,
        attribution_models.kind,
        attribution_models.first_weight,
        attribution_models.middle_weight,
        attribution_models.last_weight,
        attribution_models.half_life_days,
        attribution_models.window_days,
        attribution_models.direct_policy
    from refusals
    left join attribution_models
        on true
)

select * from final
