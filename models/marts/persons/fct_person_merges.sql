with

final as (
    select absorbed_person_id, person_id, method, merged_at from {{ ref('int_person_merges') }}
)

select * from final
