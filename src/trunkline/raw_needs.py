"""Which raw tables a metric needs, found by taking each table away from a built warehouse.

Lineage cannot tell: the identity graph and the calendar read nearly every table, so by lineage
every metric depends on all of them. Here each raw table in turn is emptied in a scratch copy, the
tables below it are built again from the SQL that dbt compiled, and every metric is asked again.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from trunkline.errors import RequestError, TrunklineError
from trunkline.paths import ProjectPaths, require_database
from trunkline.semantic.engine import SemanticEngine, load_engine
from trunkline.semantic.request import MetricRequest

RAW_PREFIX = "raw_"
CALENDAR = "int_reporting_window"

Rows = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Needs:
    """The raw tables behind a metric.

    Attributes:
        needed: Tables without any of which the metric reads null or zero.
        refining: Tables without which it still answers, but other numbers.
    """

    needed: tuple[str, ...]
    refining: tuple[str, ...]


@dataclass(frozen=True)
class _Questions:
    """The SQL that asks for a metric: as a whole, and by its first dimension."""

    whole: str
    sliced: str | None


def measure_needs(paths: ProjectPaths, manifest: Mapping[str, Any]) -> dict[str, Needs]:
    """Ask every metric with each raw table taken away.

    The reporting window stays as it is, so that only the rows go and not the days.

    Args:
        paths: A built project; its database is copied and not touched.
        manifest: Content of its ``manifest.json``, with compiled SQL.

    Returns:
        The tables behind every metric, by its name, in alphabetical order.

    Raises:
        TrunklineError: If the manifest holds no compiled SQL.
    """
    engine = load_engine(paths.target)
    questions = {name: _questions(engine, name) for name in engine.metrics}
    models = _models(manifest)
    needed: dict[str, list[str]] = {name: [] for name in questions}
    refining: dict[str, list[str]] = {name: [] for name in questions}
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "scratch.duckdb"
        shutil.copy(require_database(paths.database), copy)
        with _open(copy, engine.database) as connection:
            _fix_calendar(connection, manifest)
            before = _ask(connection, questions)
            for table in (key for key, node in models.items() if _is_raw(node)):
                connection.execute("begin")
                _empty(connection, models[table])
                for key in _below(table, models):
                    _build(connection, models[key])
                after = _ask(connection, questions)
                connection.execute("rollback")
                short = models[table]["name"].removeprefix(RAW_PREFIX)
                for name in questions:
                    if not _is_silent(before[name][0]) and _is_silent(after[name][0]):
                        needed[name].append(short)
                    elif after[name] != before[name]:
                        refining[name].append(short)
    return {
        name: Needs(tuple(sorted(needed[name])), tuple(sorted(refining[name])))
        for name in sorted(questions)
    }


def _questions(engine: SemanticEngine, name: str) -> _Questions:
    rules = engine.rules[name]
    time: tuple[str, ...] = ()
    try:
        whole = engine.compile(MetricRequest(metrics=(name,)))
    except RequestError:  # it compares periods
        time = ("metric_time",)
        whole = engine.compile(MetricRequest(metrics=(name,), group_by=time))
    if not rules.dimensions:
        return _Questions(whole, None)
    group_by = (*time, rules.dimensions[0])
    return _Questions(whole, engine.compile(MetricRequest(metrics=(name,), group_by=group_by)))


def _models(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the models up to the marts, parents first."""
    models = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] != "reports"
    }
    if not all(node.get("compiled_code") for node in models.values()):
        raise TrunklineError(
            "The manifest holds no compiled SQL; run `make build` (or `dbt build`) first."
        )
    order = TopologicalSorter({key: _parents(node, models) for key, node in models.items()})
    return {key: models[key] for key in order.static_order()}


def _parents(node: Mapping[str, Any], models: Mapping[str, Any]) -> list[str]:
    return [parent for parent in node["depends_on"]["nodes"] if parent in models]


def _below(table: str, models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Give the stored models below a raw table, parents first; views follow by themselves."""
    reached = {table}
    for key, node in models.items():
        if node["name"] != CALENDAR and reached.intersection(_parents(node, models)):
            reached.add(key)
    return [
        key for key in models if key in reached and models[key]["config"]["materialized"] != "view"
    ]


def _open(path: Path, name: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{path}' as \"{name}\"")
    connection.execute(f'use "{name}"')
    connection.execute("set timezone = 'UTC'")
    connection.execute("set threads = 1")  # the same sums, to the last digit
    return connection


def _fix_calendar(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    """Keep the reporting window as it is: a view becomes the row that it holds now."""
    node = next(node for node in manifest["nodes"].values() if node["name"] == CALENDAR)
    if node["config"]["materialized"] == "view":
        rows = connection.execute(f"select * from {node['relation_name']}")
        names = [str(column[0]) for column in rows.description or []]
        days = rows.fetchall()[0]
        values = ", ".join(
            f"cast({'null' if day is None else repr(str(day))} as date) as {column}"
            for column, day in zip(names, days, strict=True)
        )
        connection.execute(f"create or replace view {node['relation_name']} as select {values}")


def _empty(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> None:
    columns = connection.execute(f"describe {node['relation_name']}").fetchall()
    nulls = ", ".join(f'cast(null as {column[1]}) as "{column[0]}"' for column in columns)
    connection.execute(
        f"create or replace view {node['relation_name']} as select {nulls} where false"
    )


def _build(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> None:
    if node["language"] == "python":
        namespace: dict[str, Any] = {"__name__": node["name"]}
        exec(compile(node["compiled_code"], node["name"], "exec"), namespace)
        dbt = namespace["dbtObj"](lambda name: connection.query(f"select * from {name}"))
        made = namespace["model"](dbt, connection)
        connection.register("made", made)
        connection.execute(f"create or replace table {node['relation_name']} as from made")
        connection.unregister("made")
        return
    code = str(node["compiled_code"]).strip().rstrip(";")
    connection.execute(f"create or replace table {node['relation_name']} as {code}")


def _ask(
    connection: duckdb.DuckDBPyConnection, questions: Mapping[str, _Questions]
) -> dict[str, tuple[Rows, Rows]]:
    return {
        name: (_rows(connection, asked.whole), _rows(connection, asked.sliced))
        for name, asked in questions.items()
    }


def _rows(connection: duckdb.DuckDBPyConnection, sql: str | None) -> Rows:
    if sql is None:
        return ()
    rows: Sequence[Sequence[object]] = connection.execute(sql).fetchall()
    return tuple(sorted((tuple(map(_rounded, row)) for row in rows), key=str))


def _rounded(value: object) -> object:
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _is_silent(rows: Iterable[Sequence[object]]) -> bool:
    """Say whether a metric, the last column, has no value anywhere."""
    return not any(row[-1] for row in rows)


def _is_raw(node: Mapping[str, Any]) -> bool:
    return str(node["name"]).startswith(RAW_PREFIX)
