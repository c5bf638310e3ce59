{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

tracking_plan as (
    select
        coalesce(string_agg(event_name || ':' || is_activity, ',' order by event_name), '')
            as activity_rules
    from {{ ref('tracking_plan') }}
),

channel_map as (
    select
        coalesce(string_agg(concat_ws(':', source, medium, channel), ',' order by all), '')
            as channel_rules
    from {{ ref('channel_map') }}
),

delivered as (
    select
        event_date,
        min(source_fingerprint) as source_fingerprint,
        sum(events) as events,
        max(last_loaded_at) as last_loaded_at
    from {{ ref('int_event_deliveries') }}
    where not is_late
    group by event_date
),

-- a copy is recognised by the days before it, so that a day depends on them as well
neighbourhoods as (
    select
        event_date,
        string_agg(
            concat_ws(':', source_fingerprint, event_date, events, epoch_us(last_loaded_at)), ';'
        ) over (
            order by event_date
            range between interval {{ late_data_days() }} day preceding and current row
        ) as deliveries
    from delivered
),

final as (
    select
        neighbourhoods.event_date,
        neighbourhoods.event_date - {{ late_data_days() }} as copies_from_date,
        cast(
            md5_number_lower(
                concat_ws(
                    '|',
                    neighbourhoods.deliveries,
                    tracking_plan.activity_rules,
                    channel_map.channel_rules
                )
            ) >> 1 as bigint
        ) as fingerprint
    from neighbourhoods
    cross join tracking_plan
    cross join channel_map
    inner join reporting_window
        on neighbourhoods.event_date <= reporting_window.as_of_date
)

select * from final
