with

reporting_window as (
    select first_date, as_of_date from {{ ref('int_reporting_window') }}
),

event_profiles as (
    select * from {{ ref('int_event_profiles') }}
),

broken_events as (
    select * from {{ ref('int_broken_events') }}
),

tallies as (
    select
        event_date,
        event_name,
        platform,
        events as events_received,
        case when is_planned and not is_missing_property then events else 0 end as events_valid,
        copies as duplicate_copies,
        0 as broken_contract,
        case when not is_planned then events else 0 end as unplanned_event,
        case when is_missing_property then events else 0 end as missing_property
    from event_profiles
    union all
    select
        broken_events.event_date,
        broken_events.event_name,
        broken_events.platform,
        1 as events_received,
        0 as events_valid,
        broken_events.copies - 1 as duplicate_copies,
        1 as broken_contract,
        0 as unplanned_event,
        0 as missing_property
    from broken_events
    inner join reporting_window
        on broken_events.event_date between reporting_window.first_date
        and reporting_window.as_of_date
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
