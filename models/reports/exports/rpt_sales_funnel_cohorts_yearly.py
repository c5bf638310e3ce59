"""The saved query `sales_funnel_cohorts_yearly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("fct_leads")
    dbt.ref("fct_opportunities")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
