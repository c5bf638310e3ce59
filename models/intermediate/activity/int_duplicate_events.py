"""Copies of events; sorting the hashes of all ids takes a third of what grouping the ids costs."""

import pyarrow as pa

from trunkline.duplicates import repeated_values

# copies of one instant are told apart by what they say, never by the order of rows
COPIES = """
    with

    copies as (
        select events.* from events
        semi join repeated on hash(events.event_id) = repeated.id_hash
    ),

    ordered as (
        select
            copies.*,
            lag(copies.event_date) over (
                partition by copies.event_id
                order by
                    occurred_at, loaded_at, event_name, device_id, user_id, platform, country,
                    page, feature, product_id, source, medium, campaign, traffic_type
            ) as previous_date,
            count(*) over (partition by copies.event_id, copies.event_date) as copies_of_day
        from copies
    ),

    judged as (
        select
            ordered.* exclude (previous_date),
            redone.fingerprint,
            coalesce(ordered.previous_date < redone.copies_from_date, true) as is_counted
        from ordered
        inner join redone on ordered.event_date = redone.event_date
    ),

    found as (
        select * exclude (copies_of_day) from judged
        where copies_of_day > 1 or not is_counted
    )

    -- a day without copies has an empty row, which says that it has been looked at
    select * from found
    union all by name
    select event_date, fingerprint, false as is_counted from redone
    where event_date not in (select event_date from found)
"""


def model(dbt, session):
    dbt.config(
        materialized="incremental",
        unique_key="event_date",
        incremental_strategy="redo_event_dates",
    )
    events = dbt.ref("int_events_accepted")
    redone = dbt.ref("int_event_dates")
    if dbt.is_incremental:
        known = f"select distinct event_date, fingerprint from {dbt.this}"
        redone = redone.filter(f"(event_date, fingerprint) not in ({known})")
        first, last = redone.aggregate("min(copies_from_date), max(event_date)").fetchone()
        if first is None:
            first = last = "0001-01-02"
        # no time zone is a day from UTC
        events = events.filter(
            f"event_date between date '{first}' and date '{last}'"
            f" and occurred_at >= cast(date '{first}' - 1 as timestamp)"
            f" and occurred_at < cast(date '{last}' + 2 as timestamp)"
        )
    hashes = events.project("hash(event_id) as id_hash").fetchnumpy()["id_hash"]
    repeated = pa.table({"id_hash": repeated_values(hashes)})
    return session.sql(COPIES)
