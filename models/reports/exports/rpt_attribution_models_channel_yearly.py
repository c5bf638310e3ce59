"""The saved query `attribution_models_channel_yearly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("dim_channels")
    dbt.ref("fct_attribution_daily")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
