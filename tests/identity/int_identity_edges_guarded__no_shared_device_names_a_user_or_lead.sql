-- No accepted link leads from a device with several users to a user or a lead.
with

device_links as (
    select left_key as device_key, right_type as other_type
    from {{ ref('int_identity_edges_guarded') }}
    where reason is null and left_type = 'device'
    union all
    select right_key as device_key, left_type as other_type
    from {{ ref('int_identity_edges_guarded') }}
    where reason is null and right_type = 'device'
),

final as (
    select device_links.device_key, device_links.other_type
    from device_links
    inner join {{ ref('int_shared_devices') }} as shared_devices
        on device_links.device_key = shared_devices.device_key
    where device_links.other_type in ('user', 'lead')
)

select * from final
