with

daily_spend as (
    {{ restated_rows('ads', 'daily_spend') }}
),

final as (
    select * from daily_spend
)

select * from final
