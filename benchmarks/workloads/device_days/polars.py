"""One row per device and day, added up by day."""

import polars as pl

_DAY = 86_400_000_000


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Days, devices, events, and the time between each device's first and last event."""
    instant = pl.col("occurred_at").to_physical()
    return (
        tables["events"]
        .group_by("device_id", (instant // _DAY).alias("day"))
        .agg(pl.len().alias("events"), active_us=instant.max() - instant.min())
        .group_by("day")
        .agg(
            pl.len().alias("devices"),
            pl.col("events").cast(pl.Int64).sum(),
            pl.col("active_us").sum(),
        )
        .collect(engine="streaming")
    )
