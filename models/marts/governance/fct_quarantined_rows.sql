with

crm as (
    select * from {{ ref('stg_crm__quarantined_rows') }}
),

cdp as (
    select * from {{ ref('stg_cdp__quarantined_rows') }}
),

events as (
    select * from {{ ref('int_quarantined_events') }}
    where rule is not null
),

ads as (
    select * from {{ ref('stg_ads__quarantined_rows') }}
),

erp as (
    select * from {{ ref('stg_erp__quarantined_rows') }}
),

final as (
    select source_table, rule, row_key, source_row, loaded_at from crm
    union all
    select source_table, rule, row_key, source_row, loaded_at from cdp
    union all
    select source_table, rule, row_key, source_row, loaded_at from events
    union all
    select source_table, rule, row_key, source_row, loaded_at from ads
    union all
    select source_table, rule, row_key, source_row, loaded_at from erp
)

select * from final
