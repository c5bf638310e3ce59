with

reporting_window as (
    select first_date, as_of_date from {{ ref('int_reporting_window') }}
),

final as (
    select cast(unnest(generate_series(first_date, as_of_date, interval 1 day)) as date) as date_day
    from reporting_window
)

select * from final
