with

final as (
    {{ broken_rows('cdp', 'events') }}
)

select * from final
