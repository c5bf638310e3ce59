"""The saved query `governance_daily` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("fct_event_quality")
    dbt.ref("fct_flagged_rows")
    dbt.ref("fct_leads")
    dbt.ref("fct_opportunities")
    dbt.ref("fct_orders")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
