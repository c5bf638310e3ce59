"""Trailing actives and growth accounting from a small histogram of gaps, as in DuckDB."""

import polars as pl

_FAR = 31


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Days with 1, 7 and 30-day actives, and who is new, resurrected, churned and retained."""
    person, day = pl.col("person_id"), pl.col("activity_date").to_physical()
    gaps = (
        tables["person_days"]
        .select("person_id", day=day)
        .sort("person_id", "day")
        .select(
            "day",
            days_before=pl.when(person == person.shift()).then(
                pl.col("day") - pl.col("day").shift()
            ),
            days_after=pl.when(person == person.shift(-1)).then(
                pl.col("day").shift(-1) - pl.col("day")
            ),
        )
        .group_by(
            "day",
            pl.col("days_before").is_null().alias("is_first"),
            (pl.col("days_before") > 30).fill_null(False).alias("is_return"),
            pl.col("days_after").fill_null(_FAR).clip(upper_bound=_FAR).alias("until_next"),
        )
        .agg(pl.len().cast(pl.Int64).alias("persons"))
        .collect(engine="streaming")
    )
    until_next, persons = pl.col("until_next"), pl.col("persons")
    first, last = gaps["day"].min(), gaps["day"].max()
    changes = [
        pl.select(day=pl.int_range(first, last + 1, dtype=pl.Int32)),
        gaps.select(
            "day",
            dau=persons,
            wau=persons,
            mau=persons,
            new_persons=pl.when("is_first").then(persons),
            resurrected=pl.when("is_return").then(persons),
        ),
        gaps.select(pl.col("day") + 1, dau=-persons),
        gaps.select(pl.col("day") + until_next.clip(upper_bound=7), wau=-persons),
        gaps.select(
            pl.col("day") + until_next.clip(upper_bound=30),
            mau=-persons,
            churned=pl.when(until_next > 30).then(persons),
        ),
    ]
    daily = (
        pl.concat(changes, how="diagonal")
        .group_by("day")
        .agg(pl.all().sum())
        .sort("day")
        .filter(pl.col("day") <= last)
    )
    return daily.select(
        "day",
        *(pl.col(window).cum_sum() for window in ("dau", "wau", "mau")),
        "new_persons",
        "resurrected",
        "churned",
        retained=pl.col("mau").cum_sum() - pl.col("new_persons") - pl.col("resurrected"),
    )
