"""Sessions cut at 30 minutes of silence, bucket first as in DuckDB."""

import polars as pl

_DAY = 86_400_000_000
_TIMEOUT = 1_800_000_000


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Days, the sessions that began on them, and the events of these sessions."""
    instant = pl.col("occurred_at").to_physical()
    is_cut = (
        (pl.col("device_id") != pl.col("device_id").shift())
        | (pl.col("first_us") - pl.col("last_us").shift() > _TIMEOUT)
    ).fill_null(True)
    return (
        tables["events"]
        .group_by("device_id", (instant // _TIMEOUT).alias("bucket"))
        .agg(
            pl.len().cast(pl.Int64).alias("events"),
            first_us=instant.min(),
            last_us=instant.max(),
        )
        .sort("device_id", "bucket")
        .with_columns(is_cut=is_cut)
        # every device begins with a cut, so that what is filled forward never leaves it
        .select(
            "events",
            "is_cut",
            day=pl.when("is_cut").then("first_us").forward_fill() // _DAY,
        )
        .group_by("day")
        .agg(pl.col("is_cut").sum().cast(pl.Int64).alias("sessions"), pl.col("events").sum())
        .collect(engine="streaming")
    )
