with

quarantined_rows as (
    select source_table, rule from {{ ref('fct_quarantined_rows') }}
),

final as (
    select
        source_table,
        rule,
        count(*) as rows_quarantined
    from quarantined_rows
    group by source_table, rule
)

select * from final
