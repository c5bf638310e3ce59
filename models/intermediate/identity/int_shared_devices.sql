{{ config(materialized='table') }}

with

edges as (
    select
        left_type,
        left_id,
        right_type,
        right_id
    from {{ ref('int_identity_edges_flagged') }}
    where not is_revoked and not is_blocked
),

device_users as (
    select left_id as device_id, right_id as user_id from edges
    where left_type = 'device' and right_type = 'user'
    union all
    select right_id as device_id, left_id as user_id from edges
    where left_type = 'user' and right_type = 'device'
),

final as (
    select
        device_id,
        {{ identifier_key("'device'", 'device_id') }} as device_key,
        count(distinct user_id) as users
    from device_users
    group by device_id
    having count(distinct user_id) >= 2
)

select * from final
