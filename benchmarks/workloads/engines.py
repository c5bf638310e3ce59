"""The engines: each reads the Parquet files itself and answers in Arrow."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

from benchmarks.workloads import FOLDER, TABLES, Workload

if TYPE_CHECKING:
    import polars as pl

Files = Mapping[str, str]
Answer = Callable[[], pa.Table]


@dataclass(frozen=True)
class Limits:
    """What every engine gets.

    Attributes:
        threads: Threads.
        mebibytes: Memory.
        spill: Folder for what does not fit.
    """

    threads: int
    mebibytes: int
    spill: Path


def duckdb_engine(limits: Limits, files: Files, workload: Workload) -> Answer:
    """Open DuckDB.

    Args:
        limits: What it gets.
        files: Per table, where its files are.
        workload: What it is to answer.

    Returns:
        What reads the files and answers.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "threads": limits.threads,
            "memory_limit": f"{limits.mebibytes}MiB",
            "temp_directory": str(limits.spill),
            "preserve_insertion_order": False,
        }
    )

    sql, script = _words(workload, "duckdb")

    def answer() -> pa.Table:
        for name in workload.tables:
            source = f"read_parquet('{files[name]}')"
            connection.execute(f"create view {name} as {_select(name, source)}")
        if script:
            return script.answer(connection)
        return connection.sql(sql).to_arrow_table()

    return answer


class ClickHouse:
    """ClickHouse in this process, with the settings that every statement gets."""

    def __init__(self, limits: Limits) -> None:
        """Open a session in memory.

        Args:
            limits: What it gets.
        """
        from chdb.session import Session

        self._session = Session()
        limit = limits.mebibytes * 2**20
        for name, value in {
            "max_threads": limits.threads,
            "max_memory_usage": limit,
            "max_bytes_before_external_group_by": limit // 2,
            "max_bytes_before_external_sort": limit // 2,
            "session_timezone": "'UTC'",
        }.items():
            self._session.query(f"set {name} = {value}")

    def run(self, sql: str) -> None:
        """Run a statement that answers nothing."""
        self._session.query(sql)

    def table(self, sql: str) -> pa.Table:
        """Run a query."""
        return pa.ipc.open_file(pa.py_buffer(self._session.query(sql, "Arrow").bytes())).read_all()


def clickhouse_engine(limits: Limits, files: Files, workload: Workload) -> Answer:
    """Open ClickHouse.

    Args:
        limits: What it gets.
        files: Per table, where its files are.
        workload: What it is to answer.

    Returns:
        What reads the files and answers.
    """
    engine = ClickHouse(limits)
    sql, script = _words(workload, "clickhouse")

    def answer() -> pa.Table:
        for name in workload.tables:
            source = f"file('{files[name]}', Parquet)"
            engine.run(f"create view {name} as {_select(name, source, 'assumeNotNull(files.{0})')}")
        if script:
            return script.answer(engine)
        *preparations, query = sql.split(";\n")
        for preparation in preparations:
            engine.run(preparation)
        return engine.table(query)

    return answer


def polars_engine(limits: Limits, files: Files, workload: Workload) -> Answer:
    """Open Polars, which takes its threads from the environment and knows no limit of memory.

    Args:
        limits: What it gets.
        files: Per table, where its files are.
        workload: What it is to answer.

    Returns:
        What reads the files and answers.
    """
    os.environ["POLARS_MAX_THREADS"] = str(limits.threads)
    import polars as pl

    _, script = _words(workload, "polars")

    def frame(name: str) -> pl.LazyFrame:
        table = TABLES[name]
        found = pl.scan_parquet(files[name], hive_partitioning=False).select(table.names)
        return found.drop_nulls(table.required)

    def answer() -> pa.Table:
        tables = {name: frame(name) for name in workload.tables}
        result = script.answer(tables)
        return result.to_arrow() if isinstance(result, pl.DataFrame) else result

    return answer


ENGINES = {
    "duckdb": duckdb_engine,
    "clickhouse": clickhouse_engine,
    "polars": polars_engine,
}
PACKAGES = {"duckdb": "duckdb", "clickhouse": "chdb", "polars": "polars"}


def _select(name: str, source: str, required: str = "files.{0}") -> str:
    table = TABLES[name]
    columns = [
        f"{required.format(column)} as {column}" if column in table.required else f"files.{column}"
        for column in table.names
    ]
    rule = " and ".join(f"files.{column} is not null" for column in table.required)
    return f"select {', '.join(columns)} from {source} as files where {rule}"


def _words(workload: Workload, engine: str) -> tuple[str, ModuleType | None]:
    """Read a workload's SQL, or import its script if it is not one statement."""
    path = FOLDER / workload.name / f"{engine}.sql"
    if path.exists():
        return path.read_text(), None
    return "", importlib.import_module(f"benchmarks.workloads.{workload.name}.{engine}")
