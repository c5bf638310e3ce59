with

qualified_leads as (
    select lead_id, person_id, segment_id, qualified_date, qualified_at
    from {{ ref('fct_leads') }}
    where qualified_at is not null
),

won_deals as (
    select opportunity_id, person_id, segment_id, amount, closed_date, closed_at
    from {{ ref('fct_opportunities') }}
    where is_won
),

orders as (
    select
        order_id,
        person_id,
        segment_id,
        revenue_amount,
        is_first_order,
        order_date,
        ordered_at
    from {{ ref('fct_orders') }}
),

unioned as (
    select
        'mql' as conversion_type,
        lead_id as conversion_id,
        person_id,
        segment_id,
        0 as conversion_value,
        qualified_date as conversion_date,
        qualified_at as converted_at
    from qualified_leads
    union all
    select
        'won_deal' as conversion_type,
        opportunity_id as conversion_id,
        person_id,
        segment_id,
        amount as conversion_value,
        closed_date as conversion_date,
        closed_at as converted_at
    from won_deals
    union all
    select
        'first_order' as conversion_type,
        order_id as conversion_id,
        person_id,
        segment_id,
        revenue_amount as conversion_value,
        order_date as conversion_date,
        ordered_at as converted_at
    from orders
    where is_first_order
    union all
    select
        'order' as conversion_type,
        order_id as conversion_id,
        person_id,
        segment_id,
        revenue_amount as conversion_value,
        order_date as conversion_date,
        ordered_at as converted_at
    from orders
),

final as (
    select
        {{ identifier_key('conversion_type', 'conversion_id') }} as conversion_key,
        conversion_type,
        conversion_id,
        person_id,
        segment_id,
        -- an unknown amount reads 0 here; the order or deal itself is flagged
        cast(coalesce(conversion_value, 0) as double) as conversion_value,
        conversion_date,
        converted_at
    from unioned
)

select * from final
