with

valid as (
    {{ valid_rows('cdp', 'users') }}
),

final as (
    select
        user_id,
        country,
        platform,
        case
            when is_email_verified then {{ hashed(normalised_email('email')) }}
        end as verified_email_hash,
        case
            when is_phone_verified then {{ hashed(normalised_phone('phone')) }}
        end as verified_phone_hash,
        coalesce(is_test, false) as is_test,
        registered_at,
        loaded_at
    from valid
)

select * from final
