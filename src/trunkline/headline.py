"""The last complete month in a handful of numbers."""

from dataclasses import dataclass
from datetime import date, timedelta

from trunkline.errors import TrunklineError
from trunkline.semantic.answers import Warehouse
from trunkline.semantic.request import MetricRequest

HEADLINE_METRICS = (
    "gmv",
    "revenue",
    "orders",
    "aov",
    "leads",
    "mqls",
    "cpl",
    "ad_spend",
    "win_rate",
    "dau",
    "mau",
    "stickiness",
    "retention_d7",
)


@dataclass(frozen=True)
class Headline:
    """A metric in the last complete month and the one before.

    Attributes:
        metric: Its name.
        before: Its value in the month before; None if it cannot be measured.
        now: Its value in the last complete month; None if it cannot be measured.
    """

    metric: str
    before: float | None
    now: float | None

    @property
    def change(self) -> float | None:
        """Relative change, if both months have a value and the first is not zero."""
        if self.before is None or self.now is None or self.before == 0:
            return None
        return self.now / self.before - 1


@dataclass(frozen=True)
class Headlines:
    """The headline table.

    Attributes:
        as_of: Last day of the data.
        month: First day of the last complete month.
        before: First day of the month before.
        rows: One row per metric.
    """

    as_of: date
    month: date
    before: date
    rows: tuple[Headline, ...]


def read_headlines(warehouse: Warehouse) -> Headlines:
    """Read the headline metrics of the last two complete months.

    Args:
        warehouse: A built warehouse.

    Returns:
        The table; metrics that the project does not have are left out.

    Raises:
        TrunklineError: If the time spine is empty.
    """
    engine = warehouse.engine
    as_of = last_day(warehouse)
    month, before = months(as_of)
    end = _first_of(month + timedelta(days=31)) - timedelta(days=1)
    rows = []
    for name in HEADLINE_METRICS:
        if name not in engine.rules:
            continue
        answer = warehouse.answer(
            MetricRequest(
                metrics=(name,),
                group_by=("metric_time__month",),
                start=before,
                end=end,
            )
        )
        values = {row[0].strftime("%Y-%m"): _number(row[-1]) for row in answer.rows}
        rows.append(Headline(name, values.get(f"{before:%Y-%m}"), values.get(f"{month:%Y-%m}")))
    return Headlines(as_of=as_of, month=month, before=before, rows=tuple(rows))


def last_day(warehouse: Warehouse) -> date:
    """Read the last day that the numbers speak of: the end of the time spine.

    Args:
        warehouse: A built warehouse.

    Returns:
        The as-of date.

    Raises:
        TrunklineError: If there is no such day.
    """
    engine = warehouse.engine
    row = warehouse.connection.execute(
        f"select max({engine.time_spine_column}) from {engine.time_spine}"
    ).fetchone()
    if row is None or row[0] is None:
        raise TrunklineError(
            f"The time spine {engine.time_spine} is empty: no valid row was loaded. Look at "
            "marts.fct_quarantined_rows, deliver the tables of docs/raw_contract.md, and run "
            "`make build` (or `dbt build`) again."
        )
    day: date = row[0]
    return day


def months(as_of: date) -> tuple[date, date]:
    """Find the last complete month and the one before.

    Args:
        as_of: Last day of the data.

    Returns:
        The first days of the two months, the later one first.
    """
    month = _first_of(_first_of(as_of + timedelta(days=1)) - timedelta(days=1))
    return month, _first_of(month - timedelta(days=1))


def _first_of(day: date) -> date:
    return day.replace(day=1)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
