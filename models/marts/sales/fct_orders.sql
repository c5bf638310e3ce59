with

orders as (
    select * from {{ ref('int_orders_identified') }}
),

refunds as (
    select
        order_id,
        sum(refund_amount) as refund_amount,
        sum(requested_amount) as requested_refund_amount
    from {{ ref('int_refunds_capped') }}
    group by order_id
),

costs as (
    select order_id, units, cogs_amount from {{ ref('int_orders_costed') }}
),

persons as (
    select person_id, segment_id from {{ ref('dim_persons') }}
),

first_touches as (
    select person_id, min(touched_at) as first_touched_at
    from {{ ref('fct_touchpoints') }}
    group by person_id
),

tracking as (
    select count(*) > 0 as is_known from first_touches
),

joined as (
    select
        orders.*,
        coalesce(persons.segment_id, {{ no_person_segment() }}) as segment_id,
        coalesce(
            refunds.refund_amount, case when orders.gmv_amount is not null then 0 end
        ) as refund_amount,
        coalesce(refunds.requested_refund_amount > greatest(orders.gmv_amount, 0), false)
            as is_refunded_above_order,
        costs.units,
        costs.cogs_amount,
        case
            when tracking.is_known
                then coalesce(first_touches.first_touched_at <= orders.ordered_at, false)
        end as has_journey
    from orders
    cross join tracking
    left join persons
        on orders.person_id = persons.person_id
    left join refunds
        on orders.order_id = refunds.order_id
    left join costs
        on orders.order_id = costs.order_id
    left join first_touches
        on orders.person_id = first_touches.person_id
),

final as (
    select
        order_id,
        person_id,
        buyer_id,
        customer_id,
        account_id,
        opportunity_id,
        segment_id,
        sales_channel,
        platform,
        country,
        units,
        list_amount,
        discount_amount,
        gmv_amount,
        cast(refund_amount as decimal(18, 2)) as refund_amount,
        cast(gmv_amount - refund_amount as decimal(18, 2)) as revenue_amount,
        cogs_amount,
        cast(gmv_amount - refund_amount - cogs_amount as decimal(18, 2)) as gross_profit_amount,
        is_first_order,
        sales_channel = 'own_online' as is_own_online,
        coalesce(gmv_amount = 0, false) as is_free_order,
        coalesce(user_id, account_id) is not null
        and row_number() over (
            partition by
                user_id,
                account_id,
                ordered_at,
                currency,
                own_list_amount,
                own_discount_amount,
                units
            order by order_id
        ) > 1 as has_identical_order,
        is_refunded_above_order,
        has_journey,
        order_date,
        ordered_at
    from joined
)

select * from final
