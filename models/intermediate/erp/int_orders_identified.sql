with

orders as (
    select * from {{ ref('int_orders_valid') }}
),

identities as (
    select
        identifier_id,
        person_id
    from {{ ref('int_identities') }}
    where identifier_type = 'user'
),

-- an order of nobody known is one buyer and one customer of its own
parties as (
    select
        orders.*,
        identities.person_id,
        coalesce(identities.person_id, {{ identifier_key("'order'", 'orders.order_id') }})
            as buyer_id,
        coalesce(
            {{ identifier_key("'account'", 'orders.account_id') }},
            identities.person_id,
            {{ identifier_key("'order'", 'orders.order_id') }}
        ) as customer_id
    from orders
    left join identities
        on orders.user_id = identities.identifier_id
),

final as (
    select
        order_id,
        user_id,
        person_id,
        buyer_id,
        customer_id,
        account_id,
        opportunity_id,
        sales_channel,
        platform,
        country,
        currency,
        own_list_amount,
        own_discount_amount,
        list_amount,
        discount_amount,
        gmv_amount,
        row_number() over (partition by customer_id order by ordered_at, order_id) = 1
            as is_first_order,
        order_date,
        ordered_at
    from parties
)

select * from final
