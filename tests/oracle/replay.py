"""Runs the project's compiled SQL over any raw tables, in memory and in DAG order.

What runs is what dbt compiled: SQL models as tables and views, Python models through their own
compiled code. Only the rows of the seeds are exchanged. Metrics are compiled once by MetricFlow
and can then be asked of every replayed database.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from .company import Reference
from .raw import RawTables


class ReplayError(RuntimeError):
    """A model of the project failed on the given raw rows."""


@dataclass(frozen=True)
class Step:
    """One model to run: where it lands and what dbt compiled for it."""

    name: str
    relation: str
    language: str
    materialized: str
    code: str


@dataclass(frozen=True)
class Seed:
    """One seed to fill: where it lands and its columns with types."""

    name: str
    relation: str
    columns: tuple[tuple[str, str], ...]
    path: Path
    is_raw: bool


class Replay:
    """The models of one dbt target folder, ready to run over other rows."""

    def __init__(self, target: Path, skip_folders: Sequence[str] = ("reports",)) -> None:
        """Reads manifest.json and the compiled code.

        Args:
            target: A target folder in which dbt compiled or built the project, without any
                incremental model's table in existence.
            skip_folders: Folders below models/ that are not run.
        """
        self.manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        nodes = self.manifest["nodes"]
        self.seeds = [_seed(node) for node in nodes.values() if node["resource_type"] == "seed"]
        models = {
            key: node
            for key, node in nodes.items()
            if node["resource_type"] == "model"
            and node["config"]["enabled"]
            and node["config"]["materialized"] != "ephemeral"
            and node["fqn"][1] not in skip_folders
        }
        sorter = TopologicalSorter(
            {key: set(node["depends_on"]["nodes"]) & models.keys() for key, node in models.items()}
        )
        self.steps = [_step(models[key], target) for key in sorter.static_order()]
        relations = [step.relation for step in self.steps] + [seed.relation for seed in self.seeds]
        self.catalog = relations[0].split(".")[0]
        self.schemas = sorted({relation.rsplit(".", 1)[0] for relation in relations})
        self.relations = {step.name: step.relation for step in self.steps}
        self._python = {
            step.name: compile(step.code, f"<{step.name}>", "exec")
            for step in self.steps
            if step.language == "python"
        }

    def run(self, tables: RawTables, reference: Reference) -> duckdb.DuckDBPyConnection:
        """A new in-memory database with every model built over the given rows."""
        connection = duckdb.connect(":memory:")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 1")
        connection.execute(f"attach ':memory:' as {self.catalog}")
        connection.execute(f"use {self.catalog}")
        for schema in self.schemas:
            connection.execute(f"create schema if not exists {schema}")
        for seed in self.seeds:
            _fill(connection, seed, _rows_of(seed, tables, reference))
        for step in self.steps:
            try:
                self._run_step(connection, step)
            except Exception as error:
                raise ReplayError(f"{step.name}: {error}") from error
        return connection

    def _run_step(self, connection: duckdb.DuckDBPyConnection, step: Step) -> None:
        if step.language == "python":
            namespace: dict[str, Any] = {"__name__": step.name}
            exec(self._python[step.name], namespace)
            dbt = namespace["dbtObj"](lambda name: connection.query(f"select * from {name}"))
            result = namespace["model"](dbt, connection)
            connection.register("python_result", result)
            connection.execute(f"create table {step.relation} as select * from python_result")
            connection.unregister("python_result")
            return
        kind = "view" if step.materialized == "view" else "table"
        connection.execute(f"create {kind} {step.relation} as {step.code.strip().rstrip(';')}")


def _seed(node: Mapping[str, Any]) -> Seed:
    path = Path(node["root_path"]) / node["original_file_path"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    types = node["config"]["column_types"]
    return Seed(
        name=node["name"],
        relation=node["relation_name"],
        columns=tuple((column, types.get(column, "varchar")) for column in header),
        path=path,
        is_raw=node["original_file_path"].startswith("seeds/raw/"),
    )


def _step(node: Mapping[str, Any], target: Path) -> Step:
    code = node.get("compiled_code")
    if code is None:
        path = target / "compiled" / node["package_name"] / node["original_file_path"]
        code = path.read_text(encoding="utf-8")
    return Step(
        name=node["name"],
        relation=node["relation_name"],
        language=node["language"],
        materialized=node["config"]["materialized"],
        code=code,
    )


def _rows_of(
    seed: Seed, tables: RawTables, reference: Reference
) -> Sequence[Mapping[str, str | None]]:
    if seed.is_raw:
        return tables.get(seed.name, ())
    if seed.name in Reference.__annotations__:
        rows: Sequence[Mapping[str, str | None]] = getattr(reference, seed.name)
        return rows
    with seed.path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: text or None for key, text in row.items()} for row in csv.DictReader(file)]


def _fill(
    connection: duckdb.DuckDBPyConnection, seed: Seed, rows: Sequence[Mapping[str, str | None]]
) -> None:
    text = pa.table(
        {name: pa.array([row.get(name) for row in rows], pa.string()) for name, _ in seed.columns}
    )
    casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in seed.columns)
    connection.register("seed_rows", text)
    connection.execute(f"create table {seed.relation} as select {casts} from seed_rows")
    connection.unregister("seed_rows")
