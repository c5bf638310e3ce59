"""CPU seconds that a person waits for: a metric, a dashboard's query, and dbt around the queries.

``python -m benchmarks.latency --database FILE --target DIR`` reads a built warehouse. Its database
and its target folder stay as they are: what dbt builds for the comparison lies in a temporary one.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from rich.console import Console
from rich.table import Table

from benchmarks.build import PROJECT
from benchmarks.measure import in_own_process, percentile, report
from trunkline.errors import TrunklineError
from trunkline.exports import PREFIX
from trunkline.paths import SEMANTIC_MANIFEST, ProjectPaths
from trunkline.semantic.answers import Warehouse
from trunkline.semantic.engine import load_engine
from trunkline.semantic.names import METRIC_TIME
from trunkline.semantic.request import MetricRequest

DAYS = 90
ROUNDS = 3

ORDINARY, DISTINCT, MART = "ordinary", "distinct persons", "mart"
GOALS = {ORDINARY: 0.1, DISTINCT: 1.0, MART: 0.01}
DAILY_OVERHEAD_GOAL = 10.0

_UNREACHED = 1_000_000  # a limit that no answer reaches
_PAPER = 140  # width of what is printed to a file

Result = TypeVar("Result")


@dataclass(frozen=True)
class Timing:
    """What one question cost, in CPU seconds.

    Attributes:
        name: The metric or export.
        group: Which goal it has to meet.
        question: How it was asked.
        rows: How many rows came back.
        first: The first answer, when nothing about the metric is known to the engine yet.
        compile: From names to SQL for a new question about a metric that was asked before, the
            least of several; a question asked again costs nothing here.
        run: The database's part, the least of several.
    """

    name: str
    group: str
    question: str
    rows: int
    first: float
    compile: float
    run: float

    @property
    def cpu(self) -> float:
        """A new question's answer on the warm engine."""
        return self.compile + self.run


@dataclass(frozen=True)
class Failure:
    """A question without an answer.

    Attributes:
        name: The metric or export.
        question: How it was asked.
        error: Why it was not answered.
    """

    name: str
    question: str
    error: str


def measure_warehouse(
    paths: ProjectPaths,
    metrics: Iterable[str] | None = None,
    exports: Iterable[str] | None = None,
    *,
    thorough: bool = False,
) -> dict[str, Any]:
    """Measure the answers of a built warehouse.

    Args:
        paths: Its database and target folder.
        metrics: Metrics to ask; default all.
        exports: Exports to query; default all.
        thorough: Whether to ask by every dimension that a metric lists, not by the first alone.

    Returns:
        What it costs to ``start``, a ``summary`` by group, the ``slowest`` answers, ``failures``
        and all ``timings``.
    """
    load = _cpu(partial(load_engine, paths.target))[0]
    opening, warehouse = _cpu(partial(Warehouse, paths))
    with warehouse:
        answers = list(answer_metrics(warehouse, metrics, thorough=thorough))
        timings = [answer for answer in answers if isinstance(answer, Timing)]
        timings += query_marts(warehouse, exports)
    return {
        "start": {"load": load, "open": opening},
        "summary": summary(timings),
        "slowest": [asdict(timing) for timing in slowest(timings)],
        "failures": [asdict(answer) for answer in answers if isinstance(answer, Failure)],
        "timings": [asdict(timing) for timing in timings],
    }


def answer_metrics(
    warehouse: Warehouse, names: Iterable[str] | None = None, *, thorough: bool = False
) -> Iterator[Timing | Failure]:
    """Ask metrics as a person would: by day over the last days, and by month with a dimension.

    Args:
        warehouse: The warm engine and its database.
        names: Metrics to ask; default all.
        thorough: Whether to ask by every dimension that a metric lists, not by the first alone.

    Yields:
        One timing or failure per question.
    """
    distinct = _distinct_metrics(warehouse.paths.target)
    end = as_of_date(warehouse)
    for name in names or warehouse.engine.metrics:
        group = DISTINCT if name in distinct else ORDINARY
        for question, request in _requests(warehouse, name, end, thorough):
            try:
                yield _ask(warehouse, group, question, request)
            except TrunklineError as error:
                yield Failure(name, question, str(error))


def query_marts(warehouse: Warehouse, exports: Iterable[str] | None = None) -> Iterator[Timing]:
    """Ask exports as a dashboard would, straight in SQL.

    Args:
        warehouse: The database, and the engine that knows the saved queries.
        exports: Names of exports; default all.

    Yields:
        One timing per query: the last days of a metric, and its sum by the first dimension.
    """
    schemas = dict(
        warehouse.connection.execute(
            "select table_name, schema_name from duckdb_tables() where starts_with(table_name, ?)",
            [PREFIX],
        ).fetchall()
    )
    end = as_of_date(warehouse)
    for export in exports or [PREFIX + name for name in warehouse.engine.saved_queries]:
        table = f"{schemas[export]}.{export}"
        for question, sql in _dashboard_queries(warehouse, export, table, end):
            first, rows = _cpu(partial(_rows, warehouse, sql))
            run = min(_cpu(partial(_rows, warehouse, sql))[0] for _ in range(ROUNDS))
            yield Timing(export, MART, question, rows, first, 0.0, run)


def dbt_overhead(paths: ProjectPaths, variables: str) -> dict[str, Any]:
    """Measure what dbt costs beside its nodes.

    Args:
        paths: A built database and its target folder; copies of them take the daily selection.
        variables: ``--vars`` of the build, so that the copies read the same raw data.

    Returns:
        CPU seconds of start-up and of ``parse`` with and without what was parsed before; of the
        whole build and of the daily selection: the nodes, and dbt beside them.
    """
    with tempfile.TemporaryDirectory(dir=paths.database.parent) as name:
        folder = Path(name)
        places = ("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"))
        arguments = (*places, "--vars", variables)
        os.environ["TRUNKLINE_DATABASE"] = str(folder / paths.database.name)
        full_parse = _dbt("parse", "--no-partial-parse", *arguments)["process"]
        partial_parse = _dbt("parse", *arguments)["process"]
        whole = _dbt("build", *arguments)
        # the daily selection is asked of the warehouse at hand, which may know more than one load
        shutil.copyfile(paths.database, folder / paths.database.name)
        shutil.copytree(paths.target, folder / "target", dirs_exist_ok=True)
        _dbt("parse", *arguments)
        daily = _dbt("build", "--selector", "daily", *arguments)
    return {
        "start_up": _children_cpu(
            lambda: subprocess.run([sys.executable, "-c", "import dbt.cli.main"], check=True)
        )[0],
        "full_parse": full_parse,
        "partial_parse": partial_parse,
        "whole": whole,
        "daily": daily,
    }


def as_of_date(warehouse: Warehouse) -> date:
    """The last day of every number, on which the time spine ends."""
    engine = warehouse.engine
    sql = f"select max({engine.time_spine_column})::date from {engine.time_spine}"
    return warehouse.connection.execute(sql).fetchone()[0]  # type: ignore[index,no-any-return]


def summary(timings: Sequence[Timing]) -> list[dict[str, Any]]:
    """Condense timings to the percentiles of each group.

    Args:
        timings: Timings of any groups.

    Returns:
        Per group: count, p50, p95 and max on the warm engine, the p95 of its compile and run part
        and of first answers, the goal and whether the p95 meets it.
    """
    lines = []
    for group, goal in GOALS.items():
        members = [timing for timing in timings if timing.group == group]
        if not members:
            continue
        costs = [timing.cpu for timing in members]
        lines.append(
            {
                "group": group,
                "count": len(members),
                "p50": percentile(costs, 0.5),
                "p95": percentile(costs, 0.95),
                "max": max(costs),
                "p95_compile": percentile([timing.compile for timing in members], 0.95),
                "p95_run": percentile([timing.run for timing in members], 0.95),
                "p95_first": percentile([timing.first for timing in members], 0.95),
                "goal": goal,
                "met": percentile(costs, 0.95) <= goal,
            }
        )
    return lines


def slowest(timings: Sequence[Timing], count: int = 10) -> list[Timing]:
    """The slowest answers, one a name.

    Args:
        timings: Timings of any groups.
        count: How many to give.

    Returns:
        The slowest first.
    """
    ranked = sorted(timings, key=lambda timing: -timing.cpu)
    worst: dict[str, Timing] = {}
    for timing in ranked:
        worst.setdefault(timing.name, timing)
    return list(worst.values())[:count]


def _requests(
    warehouse: Warehouse, name: str, end: date, thorough: bool
) -> Iterator[tuple[str, MetricRequest]]:
    """Ask by day and by month where the metric answers them, else by the finest grain it has."""
    rules = warehouse.engine.rules[name]
    grains = rules.grains or ("day", "month")
    if "day" in grains:
        yield (
            f"by day, {DAYS} days",
            MetricRequest((name,), (f"{METRIC_TIME}__day",), start=_first(end), end=end),
        )
    grain = "month" if "month" in grains else grains[0]
    dimensions = (rules.dimensions or ()) if thorough else (rules.dimensions or ())[:1]
    if not dimensions and (grain == "month" or "day" not in grains):
        yield f"by {grain}", MetricRequest((name,), (f"{METRIC_TIME}__{grain}",))
    for dimension in dimensions:
        yield (
            f"by {grain} and {dimension}",
            MetricRequest((name,), (f"{METRIC_TIME}__{grain}", dimension)),
        )


def _ask(warehouse: Warehouse, group: str, question: str, request: MetricRequest) -> Timing:
    """Ask once, then compile and run a few more times.

    The engine remembers what it compiled, so that another limit makes it a question never asked.
    """
    first, answer = _cpu(lambda: warehouse.answer(request))
    others = [replace(request, limit=_UNREACHED + round_) for round_ in range(ROUNDS)]
    compiling = [
        _cpu(partial(warehouse.engine.compile, other, ordered=True))[0] for other in others
    ]
    running = [_cpu(partial(_rows, warehouse, answer.sql))[0] for _ in range(ROUNDS)]
    return Timing(
        name=request.metrics[0],
        group=group,
        question=question,
        rows=len(answer.rows),
        first=first,
        compile=min(compiling),
        run=min(running),
    )


def _dashboard_queries(
    warehouse: Warehouse, export: str, table: str, end: date
) -> Iterator[tuple[str, str]]:
    described = warehouse.connection.execute(f"describe {table}").fetchall()
    metrics = warehouse.engine.saved_query_metrics(export.removeprefix(PREFIX))
    metric = next(name for name, *_ in described if name in metrics)
    keys = [name for name, *_ in described if name not in metrics]
    day = next(name for name in keys if name.startswith(METRIC_TIME))
    yield (
        f"{metric}, {DAYS} days",
        f"select {day}, sum({metric}) from {table} where {day} >= date '{_first(end)}' "
        f"group by {day} order by {day}",
    )
    for dimension in [name for name in keys if name != day][:1]:
        yield (
            f"{metric} by {dimension}",
            f"select {dimension}, sum({metric}) from {table} group by {dimension} order by 2 desc",
        )


def _distinct_metrics(target: Path) -> set[str]:
    """Metrics that count persons of a free period and so have no thin table."""
    manifest = json.loads((target / SEMANTIC_MANIFEST).read_text(encoding="utf-8"))
    metas = {
        metric["name"]: (metric.get("config") or {}).get("meta") or {}
        for metric in manifest["metrics"]
    }
    return {
        name
        for name, meta in metas.items()
        if "distinct" in meta or meta.get("additivity") == "distinct"
    }


def _dbt(*arguments: str) -> dict[str, Any]:
    """Run dbt in a process of its own: CPU of the process, of its nodes, and the difference."""
    process, done = _children_cpu(partial(in_own_process, "benchmarks.build", *arguments))
    measured = cast(dict[str, Any], done)
    nodes = sum(cost["cpu"] for cost in measured["nodes"].values())
    return {
        "process": process,
        "nodes": nodes,
        "count": len(measured["nodes"]),
        "overhead": process - nodes,
        "ratio": (process - nodes) / nodes if nodes else None,
        "failed": [node for node in measured["failed"] if not node.endswith(": no-op")],
    }


def _first(end: date) -> date:
    return end - timedelta(days=DAYS - 1)


def _rows(warehouse: Warehouse, sql: str) -> int:
    return len(warehouse.connection.execute(sql).fetchall())


def _cpu(work: Callable[[], Result]) -> tuple[float, Result]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def _children_cpu(work: Callable[[], Result]) -> tuple[float, Result]:
    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    began = spent()
    result = work()
    return spent() - began, result


def _print(answer: dict[str, Any]) -> None:
    console = Console(width=None if sys.stdout.isatty() else _PAPER)
    parts: tuple[str, ...] = ("p50", "p95", "max", "p95_compile", "p95_run", "p95_first", "goal")
    table = _table("CPU milliseconds per answer", "group", "count", *parts, "met")
    for line in answer["summary"]:
        table.add_row(
            line["group"],
            str(line["count"]),
            *(f"{line[part] * 1000:.1f}" for part in parts),
            "yes" if line["met"] else "no",
        )
    console.print(table)

    parts = ("compile", "run", "first")
    table = _table("The slowest, in CPU milliseconds", "name and question", "group", *parts)
    for timing in answer["slowest"]:
        table.add_row(
            f"{timing['name']} {timing['question']}",
            timing["group"],
            *(f"{timing[part] * 1000:.1f}" for part in parts),
        )
    console.print(table)
    for failure in answer["failures"]:
        console.print(f"{failure['name']} {failure['question']}: {failure['error']}")

    start = answer["start"]
    console.print(
        f"Before the first answer: {start['load']:.2f} CPU s for the engine, "
        f"{start['open']:.3f} to open the database."
    )
    if dbt := answer["dbt"]:
        parts = ("process", "nodes", "overhead", "ratio")
        table = _table("CPU seconds of dbt", "command", *parts, "goal")
        for name in ("start_up", "full_parse", "partial_parse"):
            table.add_row(name.replace("_", " "), f"{dbt[name]:.1f}")
        for name, goal in (("whole", ""), ("daily", f"{DAILY_OVERHEAD_GOAL:.0f}")):
            run = dbt[name]
            costs = (f"{run[part]:.1f}" for part in parts[:-1])
            table.add_row(f"{name}, {run['count']} nodes", *costs, f"{run['ratio']:.2f}", goal)
        console.print(table)


def _table(title: str, name: str, *numbers: str) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    table.add_column(name)
    for number in numbers:
        table.add_column(number.replace("_", " "), justify="right")
    return table


def main(arguments: Sequence[str]) -> None:
    """Measure, print the tables and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, required=True, help="a built DuckDB file")
    parser.add_argument("--target", type=Path, required=True, help="the build's target folder")
    parser.add_argument("--thorough", action="store_true", help="ask by every dimension")
    parser.add_argument("--vars", default="{}", help="the build's --vars, for dbt's overhead")
    parser.add_argument("--dbt", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args(arguments)
    paths = ProjectPaths(PROJECT, options.target.resolve(), options.database.resolve())
    answer = measure_warehouse(paths, thorough=options.thorough)
    answer["dbt"] = dbt_overhead(paths, options.vars) if options.dbt else None
    _print(answer)
    report(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
