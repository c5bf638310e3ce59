"""Distinct devices of each day, from raw events."""

import polars as pl

_DAY = 86_400_000_000


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Days and devices."""
    return (
        tables["events"]
        .select("device_id", day=pl.col("occurred_at").to_physical() // _DAY)
        .unique()
        .group_by("day")
        .agg(pl.len().alias("devices"))
        .collect(engine="streaming")
    )
