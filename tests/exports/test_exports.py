"""Every saved query is a table, and the table holds what MetricFlow itself answers.

The two sides: the tables come from SQL that `trunkline` compiled without a connection during the
build; the answers come from MetricFlow's own command-line configuration on dbt's adapter.
"""

import csv
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trunkline.dictionary import load_manifest
from trunkline.export_models import FOLDER, read_exports, render_files
from trunkline.paths import ProjectPaths
from trunkline.semantic.answers import Warehouse

from .conftest import PROJECT, Build, Table


def plain(value: object) -> object:
    """Bring a value to what both sides can say: numbers as floats, days as instants."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def sorted_rows(table: Table, key: list[str]) -> list[tuple[object, ...]]:
    columns, rows = table
    places = [columns.index(name) for name in key]
    return sorted(
        (tuple(map(plain, row)) for row in rows),
        key=lambda row: [str(row[place]) for place in places],
    )


def assert_same(left: Table, right: Table, key: list[str], name: str) -> None:
    assert left[0] == right[0], f"{name}: other columns"
    assert len(left[1]) == len(right[1]), f"{name}: {len(left[1])} rows against {len(right[1])}"
    for one, other in zip(sorted_rows(left, key), sorted_rows(right, key), strict=True):
        for column, first, second in zip(left[0], one, other, strict=True):
            if isinstance(first, float) and isinstance(second, float):
                # sums of doubles may be added in another order
                assert first == pytest.approx(second, rel=1e-12, abs=1e-12), f"{name}.{column}"
            else:
                assert first == second, f"{name}.{column}"


def exported(connection: duckdb.DuckDBPyConnection, name: str) -> Table:
    result = connection.execute(f"select * from reports.rpt_{name}")
    columns = [column[0] for column in result.description or []]
    return columns, result.fetchall()


def key_of(saved_query: dict[str, Any], columns: list[str]) -> list[str]:
    return [name for name in columns if name not in saved_query["query_params"]["metrics"]]


def test_every_export_equals_what_metricflow_answers(
    connection: duckdb.DuckDBPyConnection,
    saved_queries: dict[str, Any],
    mf_answers: dict[str, Table],
) -> None:
    assert len(saved_queries) > 10
    for name, query in saved_queries.items():
        table = exported(connection, name)
        assert table[1], f"rpt_{name} is empty"
        assert_same(table, mf_answers[name], key_of(query, table[0]), name)


@pytest.mark.parametrize("name", ["company_timeline", "marketing_channel_monthly"])
def test_export_equals_what_the_mf_command_writes(
    name: str,
    connection: duckdb.DuckDBPyConnection,
    saved_queries: dict[str, Any],
    mf_project: Path,
    mf_environment: dict[str, str],
) -> None:
    out = mf_project / f"{name}.csv"
    mf = str(Path(sys.executable).with_name("mf"))
    finished = subprocess.run(
        [mf, "query", "--saved-query", name, "--csv", str(out), "--quiet"],
        cwd=mf_project,
        env=mf_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with out.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    columns, rows = exported(connection, name)
    texts = [tuple("" if value is None else str(plain(value)) for value in row) for row in rows]
    assert_same((header, [tuple(map(read, line)) for line in lines]),
                (columns, [tuple(map(read, line)) for line in texts]),
                key_of(saved_queries[name], columns), name)  # fmt: skip


def read(text: str) -> object:
    """Read a cell of a CSV file."""
    if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text):
        return float(text)
    return text


def test_every_saved_query_has_an_export_and_no_export_is_without_one(
    manifest: dict[str, Any], saved_queries: dict[str, Any]
) -> None:
    exports = {
        node["name"].removeprefix("rpt_")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1:3] == ["reports", "exports"]
    }
    assert exports == set(saved_queries)


def test_exports_wait_for_exactly_the_tables_that_their_metrics_read(
    manifest: dict[str, Any], saved_queries: dict[str, Any]
) -> None:
    """Derived from the definitions, while the models list what the compiled SQL names."""
    for name, query in saved_queries.items():
        wanted = tables_behind(manifest, query) | {"time_spine_daily"}
        node = manifest["nodes"][f"model.trunkline.rpt_{name}"]
        listed = {parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"]}
        assert listed == wanted, name


def tables_behind(manifest: dict[str, Any], query: dict[str, Any]) -> set[str]:
    """Follow a saved query's metrics to measures, and its dimensions to the entities' tables."""
    metrics = {node["name"]: node for node in manifest["metrics"].values()}
    models = list(manifest["semantic_models"].values())
    of_measure = {
        measure["name"]: model["node_relation"]["alias"]
        for model in models
        for measure in model["measures"]
    }
    found: set[str] = set()
    templates = list(query["query_params"]["group_by"])
    templates += templates_of(query["query_params"].get("where"))
    waiting = list(query["query_params"]["metrics"])
    while waiting:
        node = metrics[waiting.pop()]
        params = node["type_params"]
        templates += templates_of(node["filter"])
        for measure in params["input_measures"]:
            templates += templates_of(measure["filter"])
        if params["measure"]:
            templates += templates_of(params["measure"]["filter"])
            found.add(of_measure[params["measure"]["name"]])
        inputs = [params["numerator"], params["denominator"], *(params["metrics"] or [])]
        for item in filter(None, inputs):
            templates += templates_of(item["filter"])
            waiting.append(item["name"])
    for dimension in re.findall(r"Dimension\('(\w+?)__(\w+)'", " ".join(templates)):
        found |= {model["node_relation"]["alias"] for model in models if carries(model, *dimension)}
    return found


def carries(model: dict[str, Any], entity: str, dimension: str) -> bool:
    primaries = {item["name"] for item in model["entities"] if item["type"] == "primary"}
    return entity in primaries | {model["primary_entity"]} and dimension in {
        item["name"] for item in model["dimensions"]
    }


def templates_of(holder: dict[str, Any] | None) -> list[str]:
    return [item["where_sql_template"] for item in (holder or {}).get("where_filters") or []]


def test_every_column_of_an_export_is_described_with_its_type(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], saved_queries: dict[str, Any]
) -> None:
    for name in saved_queries:
        node = manifest["nodes"][f"model.trunkline.rpt_{name}"]
        described = connection.execute(f"describe reports.rpt_{name}").fetchall()
        actual = [(row[0], row[1].lower()) for row in described]
        written = [(item["name"], item["data_type"]) for item in node["columns"].values()]
        assert written == actual, name
        assert all(item["description"] for item in node["columns"].values()), name
        assert node["description"].startswith("One row per"), name


def test_the_committed_export_models_are_what_the_generator_writes(built_database: Build) -> None:
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    with Warehouse(paths) as warehouse:
        files = render_files(read_exports(warehouse, load_manifest(paths.manifest)))
    committed = {
        path.name: path.read_text(encoding="utf-8")
        for path in (PROJECT / FOLDER).iterdir()
        if path.is_file()
    }
    names = committed.keys() | files.keys()
    stale = sorted(name for name in names if committed.get(name) != files.get(name))
    assert stale == [], "run `trunkline exports write`"
