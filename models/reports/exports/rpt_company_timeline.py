"""The saved query `company_timeline` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("dim_persons")
    dbt.ref("fct_active_users_daily")
    dbt.ref("fct_ad_spend")
    dbt.ref("fct_leads")
    dbt.ref("fct_opportunities")
    dbt.ref("fct_orders")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
