with

valid as (
    {{ valid_rows('crm', 'leads') }}
),

final as (
    select
        lead_id,
        merged_into_lead_id,
        account_id,
        owner_id,
        lower(source) as source,
        lower(medium) as medium,
        coalesce(lower(campaign), '(none)') as campaign,
        landing_page,
        country,
        case
            when is_email_verified then {{ hashed(normalised_email('email')) }}
        end as verified_email_hash,
        case
            when is_phone_verified then {{ hashed(normalised_phone('phone')) }}
        end as verified_phone_hash,
        coalesce(is_deleted, false) as is_deleted,
        coalesce(is_test, false) as is_test,
        created_at,
        loaded_at
    from valid
)

select * from final
