"""The retention matrix: cohort day by day N."""

import polars as pl


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Cohort days, days since, and the persons who were active then."""
    age = pl.col("activity_date").to_physical() - pl.col("cohort_date").to_physical()
    return (
        tables["person_days"]
        .join(tables["cohorts"], on="person_id")
        .filter(pl.col("activity_date") > pl.col("cohort_date"))
        .group_by("cohort_date", age.cast(pl.Int64).alias("day_number"))
        .agg(pl.len().alias("persons"))
        .collect(engine="streaming")
    )
