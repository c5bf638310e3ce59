with

reporting_window as (
    select first_date, as_of_date from {{ ref('int_reporting_window') }}
),

events as (
    select event_id from {{ ref('int_events_deduplicated') }}
),

event_profiles as (
    select * from {{ ref('int_event_profiles') }}
),

duplicate_events as (
    select event_date, event_name, platform, copies from {{ ref('int_duplicate_events') }}
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
    from {{ ref('fct_quarantined_rows') }}
    where source_table = 'cdp.events'
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

-- delivered intact as well: a copy of an event that counts already
dated as (
    select
        broken_events.*,
        {{ reporting_date('broken_events.occurred_at') }} as event_date,
        events.event_id is not null as is_copy
    from broken_events
    left join events
        on broken_events.event_id = events.event_id
),

tallies as (
    select
        event_date,
        event_name,
        platform,
        events as events_received,
        case when is_planned and not is_missing_property then events else 0 end as events_valid,
        0 as duplicate_copies,
        0 as broken_contract,
        case when not is_planned then events else 0 end as unplanned_event,
        case when is_missing_property then events else 0 end as missing_property
    from event_profiles
    union all
    select
        event_date,
        event_name,
        coalesce(platform, 'unknown') as platform,
        0 as events_received,
        0 as events_valid,
        copies - 1 as duplicate_copies,
        0 as broken_contract,
        0 as unplanned_event,
        0 as missing_property
    from duplicate_events
    union all
    select
        dated.event_date,
        dated.event_name,
        dated.platform,
        case when dated.is_copy then 0 else 1 end as events_received,
        0 as events_valid,
        case when dated.is_copy then dated.copies else dated.copies - 1 end as duplicate_copies,
        case when dated.is_copy then 0 else 1 end as broken_contract,
        0 as unplanned_event,
        0 as missing_property
    from dated
    inner join reporting_window
        on dated.event_date between reporting_window.first_date and reporting_window.as_of_date
),

final as (
    select
        event_name,
        platform,
        {%- for tally in [
            'events_received', 'events_valid', 'duplicate_copies', 'broken_contract',
            'unplanned_event', 'missing_property',
        ] %}
        cast(sum({{ tally }}) as bigint) as {{ tally }},
        {%- endfor %}
        event_date
    from tallies
    group by event_name, platform, event_date
)

select * from final
