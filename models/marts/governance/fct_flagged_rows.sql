with

orders as (
    select
        order_id,
        gmv_amount,
        cogs_amount,
        is_free_order,
        is_refunded_above_order,
        has_identical_order,
        order_date
    from {{ ref('fct_orders') }}
),

spend as (
    select campaign_id, spend_amount, spend_date from {{ ref('fct_ad_spend') }}
),

leads as (
    select lead_id, has_won_before_created, created_date from {{ ref('fct_leads') }}
),

opportunities as (
    select opportunity_id, is_missing_rate, created_date from {{ ref('fct_opportunities') }}
),

unmatched_refunds as (
    select refund_id, refund_date from {{ ref('int_refunds_unmatched') }}
),

final as (
    select
        'order' as entity,
        order_id as entity_id,
        'identical_order' as flag,
        order_date as flagged_date
    from orders
    where has_identical_order
    union all
    select
        'order' as entity,
        order_id as entity_id,
        'free_order' as flag,
        order_date as flagged_date
    from orders
    where is_free_order
    union all
    select
        'order' as entity,
        order_id as entity_id,
        'refund_above_order' as flag,
        order_date as flagged_date
    from orders
    where is_refunded_above_order
    union all
    select
        'order' as entity,
        order_id as entity_id,
        'missing_currency_rate' as flag,
        order_date as flagged_date
    from orders
    where gmv_amount is null
    union all
    select
        'order' as entity,
        order_id as entity_id,
        'unknown_cost' as flag,
        order_date as flagged_date
    from orders
    where cogs_amount is null
    union all
    select
        'spend' as entity,
        campaign_id || '|' || cast(spend_date as varchar) as entity_id,
        'missing_currency_rate' as flag,
        spend_date as flagged_date
    from spend
    where spend_amount is null
    union all
    select
        'opportunity' as entity,
        opportunity_id as entity_id,
        'missing_currency_rate' as flag,
        created_date as flagged_date
    from opportunities
    where is_missing_rate
    union all
    select
        'lead' as entity,
        lead_id as entity_id,
        'deal_before_lead' as flag,
        created_date as flagged_date
    from leads
    where has_won_before_created
    union all
    select
        'refund' as entity,
        refund_id as entity_id,
        'unknown_order' as flag,
        refund_date as flagged_date
    from unmatched_refunds
)

select * from final
