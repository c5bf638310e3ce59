with

quarantined_events as (
    select * from {{ ref('int_quarantined_events') }}
    where rule is not null
),

-- the day of a row whose own instant is no use is the day on which it was taken
broken_rows as (
    select
        nullif(row_key, '') as event_id,
        source_row,
        loaded_at,
        coalesce(source_row ->> '$.event_name', 'unknown') as event_name,
        coalesce(source_row ->> '$.platform', 'unknown') as platform,
        coalesce(
            case
                when not bool_or(rule in ('future_timestamp', 'out_of_range'))
                    then try_cast(source_row ->> '$.occurred_at' as timestamp)
            end,
            loaded_at
        ) as occurred_at,
        count(*) / count(distinct rule) as copies
    from quarantined_events
    group by row_key, source_row, loaded_at
),

broken_events as (
    select
        event_id,
        arg_min(event_name, (occurred_at, loaded_at, source_row)) as event_name,
        arg_min(platform, (occurred_at, loaded_at, source_row)) as platform,
        min(occurred_at) as occurred_at,
        sum(copies) as copies
    from broken_rows
    group by event_id, case when event_id is null then source_row end
),

final as (
    select
        event_id,
        event_name,
        platform,
        cast(copies as bigint) as copies,
        {{ reporting_date('occurred_at') }} as event_date
    from broken_events
)

select * from final
