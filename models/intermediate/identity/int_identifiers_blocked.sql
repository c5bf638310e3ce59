with

blocklist as (
    select identifier_type, identifier from {{ ref('identifier_blocklist') }}
),

-- in the form in which edges carry them: cleaned ids, hashes of addresses and numbers
final as (
    select distinct
        identifier_type,
        case identifier_type
            when 'email' then {{ hashed(normalised_email('identifier')) }}
            when 'phone' then {{ hashed(normalised_phone('identifier')) }}
            else {{ cleaned('identifier') }}
        end as cleaned_id
    from blocklist
)

select * from final
