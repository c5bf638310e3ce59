"""An ordered funnel of five steps within seven days, as a chain of as-of joins."""

from datetime import timedelta

import polars as pl

_STEPS = ("view_landing", "view_detail", "add_to_cart", "checkout_start", "purchase")
_WINDOW = timedelta(days=7)


def answer(tables: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Steps and the devices that reached them."""
    events = (
        tables["events"]
        .filter(pl.col("event_name").is_in(_STEPS))
        .collect(engine="streaming")
        .lazy()
        .sort("occurred_at")
    )
    chain = _step(events, _STEPS[0]).with_columns(began_at="occurred_at")
    reached = [chain]
    for name in _STEPS[1:]:
        chain = (
            _step(events, name)
            .join_asof(chain, on="occurred_at", by="device_id", check_sortedness=False)
            .filter(pl.col("occurred_at") <= pl.col("began_at") + _WINDOW)
        )
        reached.append(chain)
    counts = [
        rows.select(pl.lit(step).alias("step"), persons=pl.col("device_id").n_unique())
        for step, rows in enumerate(reached, 1)
    ]
    return pl.concat(pl.collect_all(counts))


def _step(events: pl.LazyFrame, name: str) -> pl.LazyFrame:
    return events.filter(pl.col("event_name") == name).select("device_id", "occurred_at")
