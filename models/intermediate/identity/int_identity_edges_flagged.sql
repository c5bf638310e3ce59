{{ config(materialized='table') }}

with

reporting_window as (
    select as_of_date from {{ ref('int_reporting_window') }}
),

edges as (
    select * from {{ ref('int_identity_edges_unioned') }}
),

blocked as (
    select identifier_type, cleaned_id from {{ ref('int_identifiers_blocked') }}
),

-- staging has trimmed the ids of links, so that lower case is all that is left to clean
final as (
    select
        edges.left_key,
        edges.right_key,
        edges.edge_source,
        edges.method,
        edges.left_type,
        edges.left_id,
        edges.right_type,
        edges.right_id,
        coalesce(
            {{ reporting_date('edges.revoked_at') }} <= reporting_window.as_of_date, false
        ) as is_revoked,
        left_blocked.cleaned_id is not null or right_blocked.cleaned_id is not null as is_blocked,
        edges.linked_at
    from edges
    cross join reporting_window
    left join blocked as left_blocked
        on edges.left_type = left_blocked.identifier_type
        and lower(edges.left_id) = left_blocked.cleaned_id
    left join blocked as right_blocked
        on edges.right_type = right_blocked.identifier_type
        and lower(edges.right_id) = right_blocked.cleaned_id
)

select * from final
