{{ config(materialized='table') }}

with

edges as (
    select * from {{ ref('int_identity_edges_flagged') }}
),

shared_devices as (
    select device_key from {{ ref('int_shared_devices') }}
),

-- the reasons stand in the order of the guards: each looks only at what the earlier ones left
screened as (
    select
        edges.left_key,
        edges.right_key,
        edges.edge_source,
        edges.method,
        edges.left_type,
        edges.left_id,
        edges.right_type,
        edges.right_id,
        edges.linked_at,
        case
            when edges.is_revoked then 'revoked'
            when edges.is_blocked then 'blocked_identifier'
            when left_shared.device_key is not null and edges.right_type in ('user', 'lead')
                then 'shared_device'
            when right_shared.device_key is not null and edges.left_type in ('user', 'lead')
                then 'shared_device'
        end as reason
    from edges
    left join shared_devices as left_shared
        on edges.left_key = left_shared.device_key
    left join shared_devices as right_shared
        on edges.right_key = right_shared.device_key
),

neighbours as (
    select left_key as identifier_key, right_key as neighbour_key from screened
    where reason is null
    union all
    select right_key as identifier_key, left_key as neighbour_key from screened
    where reason is null
),

-- few have as many links as a hub has neighbours, and only theirs are counted apart
linked_often as (
    select identifier_key
    from neighbours
    group by identifier_key
    having count(*) > {{ var('identity_max_degree') }}
),

hubs as (
    select neighbours.identifier_key
    from neighbours
    inner join linked_often
        on neighbours.identifier_key = linked_often.identifier_key
    where neighbours.identifier_key != neighbours.neighbour_key
    group by neighbours.identifier_key
    having count(distinct neighbours.neighbour_key) > {{ var('identity_max_degree') }}
),

final as (
    select
        screened.left_key,
        screened.right_key,
        screened.edge_source,
        screened.method,
        screened.left_type,
        screened.left_id,
        screened.right_type,
        screened.right_id,
        coalesce(
            screened.reason,
            case
                when left_hubs.identifier_key is not null then 'hub'
                when right_hubs.identifier_key is not null then 'hub'
            end
        ) as reason,
        screened.linked_at
    from screened
    left join hubs as left_hubs
        on screened.left_key = left_hubs.identifier_key
    left join hubs as right_hubs
        on screened.right_key = right_hubs.identifier_key
)

select * from final
