"""A range of days as a condition, and whether its ends fall on the edges of time's buckets."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from trunkline.errors import RequestError
from trunkline.semantic.names import GRAINS, METRIC_TIME


def range_conditions(
    start: date | None, end: date | None, group_by: Sequence[str], finest: str
) -> tuple[str, ...]:
    """Turn a range of days into conditions on ``metric_time``.

    MetricFlow's own time range knows no day before 2000 nor after 2040 and widens the range to
    whole buckets; a condition does neither.

    Args:
        start: First day; None for the first there is.
        end: Last day; None for the last there is.
        group_by: Resolved group-by items.
        finest: Finest grain of ``metric_time`` for the metrics in question.

    Returns:
        MetricFlow's conditions.

    Raises:
        RequestError: If the start lies after the end, or one of them inside a bucket.
    """
    if start and end and start > end:
        raise RequestError(f"The start {start} lies after the end {end}.")
    grouped = [item.rpartition("__")[2] for item in group_by if item.startswith(f"{METRIC_TIME}__")]
    grain = min(grouped, key=GRAINS.index, default=finest)
    conditions = []
    column = f"{{{{ TimeDimension('{METRIC_TIME}', '{finest}') }}}}"
    if start:
        first, last = bucket(start, grain)
        if start != first:
            raise RequestError(_inside("start", start, first, last, grain, finest))
        conditions.append(f"{column} >= '{start}'")
    if end:
        first, last = bucket(end, grain)
        if end != last:
            raise RequestError(_inside("end", end, first, last, grain, finest))
        conditions.append(f"{column} <= '{end}'")
    return tuple(conditions)


def bucket(day: date, grain: str) -> tuple[date, date]:
    """Find the bucket of time that holds a day.

    Args:
        day: The day.
        grain: ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.

    Returns:
        Its first and its last day.
    """
    if grain == "day":
        return day, day
    if grain == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    final = first.month + months - 1
    return first, date(day.year, final, monthrange(day.year, final)[1])


def _inside(name: str, day: date, first: date, last: date, grain: str, finest: str) -> str:
    others = (
        (first, last + timedelta(days=1)) if name == "start" else (first - timedelta(days=1), last)
    )
    finer = GRAINS[: GRAINS.index(grain)]
    remedy = f", or group by {finest}" if finest in finer else ""
    return (
        f"The {name} {day} lies inside the {grain} {first} to {last}, and a {grain} is answered "
        f"whole or not at all; {name} on {others[0]} or {others[1]}{remedy}."
    )
