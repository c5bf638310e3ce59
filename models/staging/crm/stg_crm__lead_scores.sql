with

valid as (
    {{ valid_rows('crm', 'lead_scores') }}
),

final as (
    select
        lead_id,
        fit_score,
        intent_score,
        scored_at,
        loaded_at
    from valid
)

select * from final
