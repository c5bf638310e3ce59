with

instants as (
    select
        quarter_hour,
        reporting_date,
        make_timestamp(quarter_hour * 900000000) as first_instant,
        make_timestamp((quarter_hour + 1) * 900000000 - 1) as last_instant
    from {{ ref('int_reporting_quarter_hours') }}
)

select * from instants
where
    {{ reporting_date('first_instant') }} != reporting_date
    or {{ reporting_date('last_instant') }} != reporting_date
