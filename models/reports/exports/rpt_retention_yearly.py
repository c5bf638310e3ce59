"""The saved query `retention_yearly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("dim_persons")
    dbt.ref("fct_retention_cohorts")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
