"""Which raw tables a metric needs, found by taking each table away from a built warehouse.

Lineage cannot tell: the identity graph and the calendar read nearly every table, so by lineage
every metric depends on all of them. Here each raw table in turn is emptied in a scratch copy, the
tables below it are built again from the SQL that dbt compiled, and every metric is asked again: as
a whole, by its finest grain, and by that and all its dimensions at once.
"""

import shutil
from collections.abc import Mapping
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

Answer = tuple[object, ...]


@dataclass(frozen=True)
class Needs:
    """The raw tables behind a metric, on the data that were asked.

    Attributes:
        needed: Tables without any of which the metric reads null or zero.
        refining: Tables without which it still answers, but other numbers by some day or dimension.
    """

    needed: tuple[str, ...]
    refining: tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    """The SQL that asks for a metric: as a whole, by its finest grain, and by all dimensions too.

    Each statement gives one row: whether there is any value but null and zero, and how many rows
    there are with which content.
    """

    statements: tuple[str, ...]

    def reads(self, relation: str) -> bool:
        """Say whether the metric reads a table."""
        return any(relation in statement for statement in self.statements)


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
    questions = {name: _question(engine, name) for name in engine.metrics}
    models = _models(manifest)
    needed: dict[str, list[str]] = {name: [] for name in questions}
    refining: dict[str, list[str]] = {name: [] for name in questions}
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "scratch.duckdb"
        shutil.copy(require_database(paths.database), copy)
        with _open(copy, engine.database) as connection:
            _fix_calendar(connection, manifest)
            contents = {key: _content(connection, models[key]) for key in _stored(models)}
            before = {name: _ask(connection, asked) for name, asked in questions.items()}
            for table in (key for key, node in models.items() if _is_raw(node)):
                connection.execute("begin")
                _empty(connection, models[table])
                changed = []
                for key in _below(table, models):
                    _build(connection, models[key])
                    if _content(connection, models[key]) != contents[key]:
                        changed.append(str(models[key]["relation_name"]))
                short = models[table]["name"].removeprefix(RAW_PREFIX)
                for name, asked in questions.items():
                    if not any(map(asked.reads, changed)):
                        continue
                    after = _ask(connection, asked)
                    if not _is_silent(before[name]) and _is_silent(after):
                        needed[name].append(short)
                    elif after != before[name]:
                        refining[name].append(short)
                connection.execute("rollback")
    return {
        name: Needs(tuple(sorted(needed[name])), tuple(sorted(refining[name])))
        for name in sorted(questions)
    }


def _question(engine: SemanticEngine, name: str) -> _Question:
    rules = engine.rules[name]
    time = tuple(f"metric_time__{grain}" for grain in rules.grains[:1])
    cuts = {time, (*time, *(rules.dimensions or ()))}
    try:
        statements = [engine.compile(MetricRequest(metrics=(name,)))]
    except RequestError:  # it compares periods
        statements = []
    statements += [
        engine.compile(MetricRequest(metrics=(name,), group_by=cut)) for cut in sorted(cuts)
    ]
    return _Question(tuple(_digest(statement, name) for statement in statements))


def _digest(statement: str, metric: str) -> str:
    """Fold the rows of a metric into one; the last digits of a sum of floats are no content."""
    return (
        f"select coalesce(bool_or({metric} != 0), false), count(*), bit_xor(hash(answer)) from ("
        f"select * replace (round(cast({metric} as double), 6) as {metric}) from ({statement})"
        ") as answer"
    )


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
    return [key for key in _stored(models) if key in reached]


def _stored(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [key for key, node in models.items() if node["config"]["materialized"] != "view"]


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


def _content(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> Answer | None:
    """Fold the rows of a stored model into one, to see whether anything in it changed."""
    return connection.execute(
        f"select count(*), sum(hash(content)) from {node['relation_name']} as content"
    ).fetchone()


def _ask(connection: duckdb.DuckDBPyConnection, asked: _Question) -> tuple[Answer, ...]:
    return tuple(connection.execute(statement).fetchall()[0] for statement in asked.statements)


def _is_silent(answers: tuple[Answer, ...]) -> bool:
    """Say whether a metric has no value but null and zero, whichever way it is asked."""
    return not any(has_value for has_value, *_ in answers)


def _is_raw(node: Mapping[str, Any]) -> bool:
    return str(node["name"]).startswith(RAW_PREFIX)
