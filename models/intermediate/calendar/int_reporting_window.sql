{{ config(materialized='table') }}

with

leads as (
    select
        min({{ reporting_date('created_at') }}) as first_date,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_crm__leads') }}
),

opportunities as (
    select
        min({{ reporting_date('created_at') }}) as first_date,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_crm__opportunities') }}
),

users as (
    select min({{ reporting_date('registered_at') }}) as first_date
    from {{ ref('stg_cdp__users') }}
),

events as (
    select
        min(event_date) as first_date,
        max(last_loaded_at) as last_loaded_at
    from {{ ref('int_event_deliveries') }}
    where not is_late
),

spend as (
    select
        min(spend_date) as first_date,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_ads__daily_spend') }}
),

orders as (
    select
        min({{ reporting_date('ordered_at') }}) as first_date,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_erp__orders') }}
),

delivered as (
    select first_date, last_loaded_at from leads
    union all
    select first_date, last_loaded_at from opportunities
    union all
    select first_date, null as last_loaded_at from users
    union all
    select first_date, last_loaded_at from events
    union all
    select first_date, last_loaded_at from spend
    union all
    select first_date, last_loaded_at from orders
),

-- a row that claims to be taken after this run began must not end the calendar
ends as (
    select
        min(first_date) as first_date,
        least(
            max(last_loaded_at), timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}'
        ) as last_loaded_at
    from delivered
),

bounds as (
    select
        first_date,
        {%- if var('as_of_date') %}
        -- days that are not loaded yet would count as days on which nothing happened
        case
            when date '{{ var("as_of_date") }}' > {{ reporting_date('last_loaded_at') }}
                then {{ raise_error(
                    "'The variable as_of_date is " ~ var("as_of_date") ~ ", and the last load is of '"
                    ~ " || last_loaded_at || ' UTC; set it to a day that is loaded, or leave it out.'"
                ) }}
            else date '{{ var("as_of_date") }}'
        end as as_of_date
        {%- else %}
        {{ reporting_date('last_loaded_at') }} - 1 as as_of_date
        {%- endif %}
    from ends
),

final as (
    select
        bounds.first_date,
        events.first_date as first_event_date,
        bounds.as_of_date
    from bounds
    cross join events
)

select * from final
