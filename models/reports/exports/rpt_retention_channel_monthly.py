"""The saved query `retention_channel_monthly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("dim_persons")
    dbt.ref("dim_segments")
    dbt.ref("fct_retention_cohorts")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
