"""The engines: each reads the Parquet files itself and answers in Arrow."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from benchmarks.workloads import FOLDER, TABLES, Workload

if TYPE_CHECKING:
    import polars as pl


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


def duckdb_engine(limits: Limits, files: Mapping[str, str]) -> Callable[[Workload], pa.Table]:
    """Open DuckDB.

    Args:
        limits: What it gets.
        files: Per table, where its files are.

    Returns:
        What answers a workload.
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

    def answer(workload: Workload) -> pa.Table:
        for name in workload.tables:
            source = f"read_parquet('{files[name]}')"
            connection.execute(f"create view {name} as {_select(name, source)}")
        if path := _sql(workload, "duckdb"):
            return connection.sql(path.read_text()).to_arrow_table()
        return _module(workload, "duckdb").answer(connection)

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


def clickhouse_engine(limits: Limits, files: Mapping[str, str]) -> Callable[[Workload], pa.Table]:
    """Open ClickHouse.

    Args:
        limits: What it gets.
        files: Per table, where its files are.

    Returns:
        What answers a workload.
    """
    engine = ClickHouse(limits)

    def answer(workload: Workload) -> pa.Table:
        for name in workload.tables:
            source = f"file('{files[name]}', Parquet)"
            engine.run(f"create view {name} as {_select(name, source, 'assumeNotNull(files.{0})')}")
        if path := _sql(workload, "clickhouse"):
            return engine.table(path.read_text())
        return _module(workload, "clickhouse").answer(engine)

    return answer


def polars_engine(limits: Limits, files: Mapping[str, str]) -> Callable[[Workload], pa.Table]:
    """Open Polars, which takes its threads from the environment and knows no limit of memory.

    Args:
        limits: What it gets.
        files: Per table, where its files are.

    Returns:
        What answers a workload.
    """
    os.environ["POLARS_MAX_THREADS"] = str(limits.threads)
    import polars as pl

    def frame(name: str) -> pl.LazyFrame:
        table = TABLES[name]
        found = pl.scan_parquet(files[name], hive_partitioning=False).select(table.names)
        return found.drop_nulls(table.required)

    def answer(workload: Workload) -> pa.Table:
        tables = {name: frame(name) for name in workload.tables}
        result = _module(workload, "polars").answer(tables)
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


def _sql(workload: Workload, engine: str) -> Path | None:
    path = FOLDER / workload.name / f"{engine}.sql"
    return path if path.exists() else None


def _module(workload: Workload, engine: str) -> object:
    return importlib.import_module(f"benchmarks.workloads.{workload.name}.{engine}")
