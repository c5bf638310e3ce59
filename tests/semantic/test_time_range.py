"""A range of days answers what MetricFlow's own range answers, in every century, or is refused."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

from tests.semantic.conftest import SemanticLayer
from tests.support import PROJECT, DbtBuild
from trunkline.errors import RequestError
from trunkline.paths import ProjectPaths
from trunkline.semantic.answers import Warehouse, parse_day
from trunkline.semantic.request import MetricRequest
from trunkline.semantic.time_range import bucket

START, END = date(2025, 4, 1), date(2025, 12, 31)
EDGED = ("day", "month", "quarter")  # the range begins and ends on the edges of these
MIDNIGHT = time()


@pytest.fixture(scope="module")
def warehouse(built_database: DbtBuild) -> Iterator[Warehouse]:
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    with Warehouse(paths) as opened:
        yield opened


def of_metricflow(layer: SemanticLayer, request: MetricRequest) -> list[tuple[Any, ...]]:
    """The rows of the same request with MetricFlow's time range."""
    statement = layer.engine.explain(
        MetricFlowQueryRequest.create(
            metric_names=list(request.metrics),
            group_by_names=list(request.group_by) or None,
            time_constraint_start=datetime.combine(START, MIDNIGHT),
            time_constraint_end=datetime.combine(END, MIDNIGHT),
        )
    ).sql_statement.without_descriptions.sql
    return layer.sql(statement).rows


def rounded(rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> list[str]:
    """The rows without their order and without the last digits of floats."""
    return sorted(
        repr(tuple(f"{cell:.9g}" if isinstance(cell, float) else cell for cell in row))
        for row in rows
    )


def test_every_metric__answers_a_range_as_metricflow_does(
    layer: SemanticLayer, metrics: dict[str, dict[str, Any]], warehouse: Warehouse
) -> None:
    unequal, with_value = [], 0
    for name, metric in metrics.items():
        meta = metric["config"]["meta"]
        times = [f"metric_time__{grain}" for grain in meta["grains"] if grain in EDGED]
        cuts = {(), (times[0],), (times[-1],), (times[0], *meta["dimensions"][:2])}
        for cut in sorted(cuts):
            group_by = warehouse.engine.check(MetricRequest(metrics=(name,), group_by=cut)).group_by
            asked = MetricRequest(metrics=(name,), group_by=group_by, start=START, end=END)
            answered = rounded(list(warehouse.answer(asked).rows))
            if answered != rounded(of_metricflow(layer, asked)):
                unequal.append((name, cut))
            with_value += answered != []
    assert unequal == []
    assert with_value > 3 * len(metrics)


def test_a_range_without_a_start__ends_where_it_says(warehouse: Warehouse) -> None:
    request = MetricRequest(metrics=("orders",), group_by=("metric_time__month",), end=END)
    months = [row[0].date() for row in warehouse.answer(request).rows]
    assert months[-1] == date(2025, 12, 1)
    assert months[0] < date(2025, 4, 1)


@pytest.mark.parametrize(
    ("start", "end"), [(date(1900, 1, 1), date(2999, 12, 31)), (date(1900, 1, 1), None)]
)
def test_a_range_over_all_centuries__is_no_range(
    warehouse: Warehouse, start: date, end: date | None
) -> None:
    bounded = MetricRequest(metrics=("gmv", "mau_calendar"), start=start, end=end)
    free = MetricRequest(metrics=("gmv", "mau_calendar"))
    assert warehouse.answer(bounded).rows == warehouse.answer(free).rows
    assert warehouse.answer(free).rows[0][0] > 0


@pytest.mark.parametrize(
    ("metric", "grain", "start", "end", "words"),
    [
        ("gmv", "month", date(2026, 1, 15), None, "2026-01-01 to 2026-01-31"),
        ("gmv", "month", None, date(2026, 2, 10), "end on 2026-01-31 or 2026-02-28, or group by"),
        ("gmv", "week", date(2026, 1, 6), None, "start on 2026-01-05 or 2026-01-12"),
        ("gmv", "quarter", date(2026, 2, 1), None, "the quarter 2026-01-01 to 2026-03-31"),
        ("gmv", "year", None, date(2025, 12, 30), "end on 2024-12-31 or 2025-12-31"),
        ("mau_calendar", "", date(2026, 1, 2), None, "start on 2026-01-01 or 2026-02-01."),
    ],
)
def test_a_range_inside_a_bucket__is_refused_with_its_edges(
    warehouse: Warehouse, metric: str, grain: str, start: date | None, end: date | None, words: str
) -> None:
    group_by = (f"metric_time__{grain}",) if grain else ()
    request = MetricRequest(metrics=(metric,), group_by=group_by, start=start, end=end)
    with pytest.raises(RequestError, match="is answered whole or not at all") as refusal:
        warehouse.answer(request)
    assert words in str(refusal.value)


def test_a_saved_query__keeps_to_its_own_buckets(warehouse: Warehouse) -> None:
    request = MetricRequest(saved_query="orders_monthly", start=START, end=END)
    assert len(warehouse.answer(request).rows) == 9
    with pytest.raises(RequestError, match="the month 2025-04-01 to 2025-04-30"):
        warehouse.answer(MetricRequest(saved_query="orders_monthly", start=date(2025, 4, 2)))


@pytest.mark.parametrize(
    ("day", "grain", "edges"),
    [
        (date(2024, 2, 29), "day", (date(2024, 2, 29), date(2024, 2, 29))),
        (date(2024, 2, 29), "week", (date(2024, 2, 26), date(2024, 3, 3))),
        (date(2024, 2, 29), "month", (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2023, 12, 31), "quarter", (date(2023, 10, 1), date(2023, 12, 31))),
        (date(9999, 12, 31), "year", (date(9999, 1, 1), date(9999, 12, 31))),
    ],
)
def test_buckets__start_on_mondays_and_firsts(
    day: date, grain: str, edges: tuple[date, date]
) -> None:
    assert bucket(day, grain) == edges


def test_a_time_of_day__is_refused() -> None:
    assert parse_day(datetime(2026, 1, 31), "end") == date(2026, 1, 31)
    with pytest.raises(RequestError, match="days are whole, so write 2026-01-31"):
        parse_day("2026-01-31T18:00", "end")
