with

reporting_window as (
    select first_date from {{ ref('int_reporting_window') }}
),

versions as (
    select
        rule_version,
        valid_from,
        valid_to,
        lag(rule_version) over (order by valid_from, rule_version) is null as is_first,
        lead(valid_from) over (order by valid_from, rule_version) as next_valid_from
    from {{ ref('mql_rules') }}
)

select versions.*
from versions
cross join reporting_window
where
    -- an open version ends where there is no next one, and only there
    versions.valid_to is distinct from versions.next_valid_from - 1
    or versions.valid_to < versions.valid_from
    or (versions.is_first and versions.valid_from > reporting_window.first_date)
