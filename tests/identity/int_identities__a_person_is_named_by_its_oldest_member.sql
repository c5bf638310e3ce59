with

identities as (
    select * from {{ ref('int_identities') }}
    where person_id is not null
),

final as (
    select person_id, identifier_key
    from identities
    qualify row_number() over (
        partition by person_id order by first_seen_at, identifier_type, identifier_id
    ) = 1 and identifier_key != person_id
)

select * from final
