"""The saved query `sales_funnel_yearly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("fct_opportunities")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
