with

credits as (
    select
        conversion_type,
        conversion_id,
        attribution_model,
        touch_id,
        count(*) as copies
    from {{ ref('fct_attribution_credits') }}
    group by conversion_type, conversion_id, attribution_model, touch_id
)

-- grouping sets nulls together, so a second unattributed row counts as a copy too
select * from credits
where copies > 1
