with

valid as (
    {{ valid_rows('crm', 'lead_statuses') }}
),

final as (
    select
        lead_id,
        status,
        changed_at,
        loaded_at
    from valid
)

select * from final
