"""Identifier-days under the persons that own them, added up by day."""

import polars as pl


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Days, persons and events."""
    return (
        tables["identifier_days"]
        .join(tables["identities"], on="identifier_key")
        .group_by("person_id", "activity_date")
        .agg(pl.col("events").sum())
        .group_by("activity_date")
        .agg(pl.len().alias("persons"), pl.col("events").sum())
        .collect(engine="streaming")
    )
