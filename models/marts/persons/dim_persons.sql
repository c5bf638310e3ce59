with

profiles as (
    select
        *,
        row(first_seen_at, identifier_type, identifier_id) as seniority
    from {{ ref('int_identifier_profiles') }}
),

business_persons as (
    select person_id from {{ ref('int_business_persons') }}
),

-- each attribute comes from the oldest member that has one
persons as (
    select
        person_id,
        {%- for attribute in ['first_channel', 'country', 'home_platform'] %}
        coalesce(
            arg_min({{ attribute }}, seniority) filter (where {{ attribute }} is not null),
            'unknown'
        ) as {{ attribute }},
        {%- endfor %}
        count(*) filter (where identifier_type = 'user') as users,
        count(*) filter (where identifier_type = 'device') as devices,
        count(*) filter (where identifier_type = 'lead') as leads,
        case
            when bool_or(is_test_user) then 'test'
            when sum(events) > 0 and sum(human_events) = 0 then 'automated'
            else 'human'
        end as traffic_type,
        min(first_seen_at) as first_seen_at,
        min(registered_at) as registered_at
    from profiles
    group by person_id
),

typed_persons as (
    select
        persons.*,
        case
            when business_persons.person_id is not null then 'business' else 'consumer'
        end as customer_type
    from persons
    left join business_persons
        on persons.person_id = business_persons.person_id
),

final as (
    select
        person_id,
        {{ segment_key('first_channel', 'country', 'customer_type', 'home_platform') }}
            as segment_id,
        first_channel,
        country,
        customer_type,
        home_platform,
        traffic_type,
        users,
        devices,
        leads,
        traffic_type = 'human' as is_human,
        {{ reporting_date('first_seen_at') }} as first_seen_date,
        {{ reporting_date('registered_at') }} as registered_date,
        first_seen_at,
        registered_at
    from typed_persons
)

select * from final
