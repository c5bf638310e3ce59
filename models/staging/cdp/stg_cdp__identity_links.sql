with

valid as (
    {{ valid_rows('cdp', 'identity_links') }}
),

final as (
    select
        left_type,
        left_id,
        right_type,
        right_id,
        method,
        linked_at,
        revoked_at,
        loaded_at
    from valid
)

select * from final
