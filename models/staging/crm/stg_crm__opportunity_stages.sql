with

valid as (
    {{ valid_rows('crm', 'opportunity_stages') }}
),

final as (
    select
        opportunity_id,
        stage,
        entered_at,
        loaded_at
    from valid
)

select * from final
