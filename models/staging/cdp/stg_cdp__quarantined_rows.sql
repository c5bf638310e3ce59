with

users as (
    {{ broken_rows('cdp', 'users') }}
),

identity_links as (
    {{ broken_rows('cdp', 'identity_links') }}
),

final as (
    select * from users
    union all
    select * from identity_links
)

select * from final
