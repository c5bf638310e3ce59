"""The saved query `marketing_results_monthly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("fct_ad_spend")
    dbt.ref("fct_attribution_daily")
    dbt.ref("fct_leads")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
