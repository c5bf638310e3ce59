with

lines as (
    select order_id, quantity, cogs_amount from {{ ref('int_order_lines_costed') }}
),

final as (
    select
        order_id,
        sum(quantity) as units,
        -- one line of unknown cost leaves the cost of the order unknown
        case
            when count(*) = count(cogs_amount)
                then cast(round(sum(cogs_amount), 2) as decimal(18, 2))
        end as cogs_amount
    from lines
    group by order_id
)

select * from final
