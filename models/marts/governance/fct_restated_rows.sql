with

crm as (
    select * from {{ ref('stg_crm__restated_rows') }}
),

cdp as (
    select * from {{ ref('stg_cdp__restated_rows') }}
),

ads as (
    select * from {{ ref('stg_ads__restated_rows') }}
),

erp as (
    select * from {{ ref('stg_erp__restated_rows') }}
),

unioned as (
    select * from crm
    union all
    select * from cdp
    union all
    select * from ads
    union all
    select * from erp
),

final as (
    select
        source_table,
        row_key,
        changed_columns,
        {{ reporting_date('restated_at') }} as restated_date,
        previous_loaded_at,
        restated_at
    from unioned
)

select * from final
