-- Each stretch begins where the one before ended; the first is open to the past, the last ahead.
with

stretches as (
    select
        device_key,
        logged_in_after,
        logged_in_until,
        lag(logged_in_until, 1, timestamp '0001-01-01') over device_stretches as previous_until,
        lead(logged_in_after, 1, timestamp '9999-12-31') over device_stretches as next_after
    from {{ ref('int_shared_device_logins') }}
    window device_stretches as (partition by device_key order by logged_in_after)
),

final as (
    select * from stretches
    where
        logged_in_after != previous_until
        or logged_in_until != next_after
        or logged_in_after >= logged_in_until
)

select * from final
