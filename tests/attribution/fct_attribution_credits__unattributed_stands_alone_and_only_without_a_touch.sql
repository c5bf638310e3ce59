with

credits as (
    select
        conversion_type,
        conversion_id,
        attribution_model,
        touch_id,
        channel,
        campaign,
        count(*) over (partition by conversion_type, conversion_id, attribution_model) as touches
    from {{ ref('fct_attribution_credits') }}
)

select * from credits
where
    (touch_id is null) != (channel = '(unattributed)')
    or (touch_id is null) != (campaign = '(unattributed)')
    or (touch_id is null and touches > 1)
