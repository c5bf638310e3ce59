"""The saved query `product_yearly` as a table."""

from trunkline.exports import run_saved_query


def model(dbt, session):
    dbt.ref("dim_persons")
    dbt.ref("fct_active_users_daily")
    dbt.ref("fct_active_users_monthly")
    dbt.ref("fct_person_days")
    dbt.ref("time_spine_daily")
    return run_saved_query(dbt, session)
