"""Five attribution models over one join of touches and conversions."""

from datetime import timedelta

import polars as pl

_WINDOW = timedelta(days=60)
_HALF_LIFE_US = 604_800_000_000
_MODELS = ("first_touch", "last_touch", "linear", "position_based", "time_decay")


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Conversion types and channels with their credit under each model."""
    conversions = tables["conversions"]
    touched_at, converted_at = pl.col("touched_at"), pl.col("converted_at")
    age_us = converted_at.to_physical() - touched_at.to_physical()
    touched = (
        tables["touches"]
        .join(conversions, on="person_id")
        .filter((touched_at <= converted_at) & (touched_at > converted_at - _WINDOW))
        .select(
            "conversion_key",
            "conversion_type",
            "touch_id",
            "channel",
            "is_direct",
            "touched_at",
            decayed=2.0 ** -(age_us / _HALF_LIFE_US),
        )
        .collect(engine="streaming")
        .sort("conversion_key", "touched_at", "touch_id")
    )
    # touches stand in order, so that the first and last row of a conversion are its ends
    is_first = pl.col("conversion_key").is_first_distinct()
    is_last = pl.col("conversion_key").is_last_distinct()
    totals = touched.group_by("conversion_key").agg(
        pl.len().alias("touches"),
        total_decayed=pl.col("decayed").sum(),
        last_named=pl.col("touch_id").filter(~pl.col("is_direct")).last(),
        last_touch_id=pl.col("touch_id").last(),
    )
    touches = pl.col("touches").cast(pl.Float64)
    credited = (
        touched.with_columns(is_first=is_first, is_last=is_last)
        .lazy()
        .join(totals.lazy(), on="conversion_key")
        .select(
            "conversion_type",
            "channel",
            first_touch=pl.col("is_first").cast(pl.Float64),
            last_touch=(pl.col("touch_id") == pl.coalesce("last_named", "last_touch_id")).cast(
                pl.Float64
            ),
            linear=1 / touches,
            position_based=pl.when(touches == 1)
            .then(1.0)
            .when(touches == 2)
            .then(0.5)
            .when(pl.col("is_first") | pl.col("is_last"))
            .then(0.4)
            .otherwise(0.2 / (touches - 2)),
            time_decay=pl.col("decayed") / pl.col("total_decayed"),
        )
        .group_by("conversion_type", "channel")
        .agg(pl.all().sum())
        .collect(engine="streaming")
    )
    unattributed = (
        conversions.join(totals.lazy(), on="conversion_key", how="anti")
        .group_by("conversion_type")
        .agg(pl.len().cast(pl.Float64).alias("conversions"))
        .select(
            "conversion_type",
            pl.lit("(unattributed)").alias("channel"),
            *(pl.col("conversions").alias(model) for model in _MODELS),
        )
        .collect()
    )
    return pl.concat([credited, unattributed])
