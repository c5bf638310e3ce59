"""Run compiled metric queries on a read-only connection."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import duckdb

from trunkline.errors import RequestError, TrunklineError
from trunkline.paths import ProjectPaths, require_database, resolve_paths
from trunkline.semantic.engine import SemanticEngine, load_engine
from trunkline.semantic.request import MetricRequest

if TYPE_CHECKING:
    import pandas
    import pyarrow

Instant = date | datetime | str


@dataclass(frozen=True)
class Answer:
    """The rows of a metric query.

    Attributes:
        columns: Names, as MetricFlow gives them.
        types: DuckDB types of the columns.
        rows: The rows.
        sql: The statement that was run.
        compile_seconds: Time spent on names and SQL.
        run_seconds: Time spent in the database.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    sql: str = field(repr=False)
    compile_seconds: float
    run_seconds: float

    def records(self) -> list[dict[str, Any]]:
        """Give the rows as dictionaries.

        Returns:
            One dictionary per row, keyed by column.
        """
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> "pandas.DataFrame":
        """Give the rows as a pandas frame.

        Returns:
            A frame with the columns of the answer.
        """
        import pandas as pd

        return pd.DataFrame.from_records(self.rows, columns=list(self.columns))

    def to_arrow(self) -> "pyarrow.Table":
        """Give the rows as an Arrow table.

        Returns:
            A table with the columns of the answer.
        """
        import pyarrow as pa

        values = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        return pa.table(dict(zip(self.columns, map(list, values), strict=True)))


class Warehouse:
    """A project's warm engine and a read-only connection to its database.

    A process that holds the connection keeps dbt from writing, so close it (or use ``with``).
    """

    def __init__(self, paths: ProjectPaths | None = None) -> None:
        """Load the engine and open the database.

        Args:
            paths: Where the project lies; default as ``resolve_paths`` finds it.

        Raises:
            NotBuiltError: If the manifest or the database is not there yet.
            TrunklineError: If the database cannot be opened.
        """
        self.paths = paths or resolve_paths()
        self.engine: SemanticEngine = load_engine(self.paths.target)
        self.connection = connect_read_only(self.paths.database, self.engine.database)

    def __enter__(self) -> "Warehouse":
        """Return the warehouse itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection, so that dbt may write again."""
        self.connection.close()

    def answer(self, request: MetricRequest) -> Answer:
        """Compile and run a request.

        Args:
            request: What was typed. After its own order, the rows are ordered by the group-by.

        Returns:
            The rows.

        Raises:
            RequestError: If a name is wrong or the request cannot be answered.
            TrunklineError: If the database lacks a table that the metric reads.
        """
        began = perf_counter()
        sql = self.engine.compile(request, ordered=True)
        compiled = perf_counter()
        columns, types, rows = self._run(sql)
        return Answer(
            columns=columns,
            types=types,
            rows=rows,
            sql=sql,
            compile_seconds=compiled - began,
            run_seconds=perf_counter() - compiled,
        )

    def _run(
        self, sql: str
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[Any, ...], ...]]:
        try:
            result = self.connection.execute(sql)
        except duckdb.CatalogException as error:
            raise TrunklineError(
                f"{self.paths.database} does not fit the project ({_first_line(error)}); "
                "run `make build` (or `dbt build`) again."
            ) from error
        except (
            duckdb.ParserException,
            duckdb.BinderException,
            duckdb.ConversionException,
        ) as error:
            raise RequestError(f"DuckDB refuses the condition: {_first_line(error)}") from error
        description = result.description or []
        return (
            tuple(str(column[0]) for column in description),
            tuple(str(column[1]) for column in description),
            tuple(result.fetchall()),
        )


def query(
    metrics: str | Iterable[str] = (),
    group_by: str | Iterable[str] = (),
    where: str | Iterable[str] = (),
    order_by: str | Iterable[str] = (),
    limit: int | None = None,
    start: Instant | None = None,
    end: Instant | None = None,
    saved_query: str | None = None,
    paths: ProjectPaths | None = None,
) -> Answer:
    """Answer a metric query from the project's database.

    The engine stays warm between calls; the connection is closed after each, so that a process
    that asks now and then never keeps dbt from building. Hold a ``Warehouse`` to keep both.

    Args:
        metrics: One metric or several.
        group_by: ``metric_time__month``, ``channel``, ``country`` ...
        where: Conditions, all of which must hold.
        order_by: Metrics or group-by items, with ``-`` in front for descending.
        limit: Greatest number of rows.
        start: First day of ``metric_time``, on the edge of a bucket of the grain asked for.
        end: Last day of ``metric_time``, likewise.
        saved_query: A saved query, in place of metrics and group_by.
        paths: Where the project lies; default as ``resolve_paths`` finds it.

    Returns:
        Columns and rows, and the SQL behind them.

    Raises:
        RequestError: If a name is wrong; the text names the nearest right ones.
        NotBuiltError: If the project has not been built.
    """
    request = MetricRequest(
        metrics=split_names(metrics),
        group_by=split_names(group_by),
        where=(where,) if isinstance(where, str) else tuple(where),
        order_by=split_names(order_by),
        limit=limit,
        start=parse_day(start, "start"),
        end=parse_day(end, "end"),
        saved_query=saved_query,
    )
    with Warehouse(paths) as warehouse:
        return warehouse.answer(request)


def connect_read_only(database: Path, name: str = "") -> duckdb.DuckDBPyConnection:
    """Open a database for reading, under the catalog name that compiled SQL uses.

    Args:
        database: The DuckDB file.
        name: Catalog name in compiled SQL; it stays right if the file was renamed or copied.

    Returns:
        A connection whose default catalog is the database, in UTC.

    Raises:
        NotBuiltError: If the file is not there.
        TrunklineError: If another process writes to it or it is no DuckDB file.
    """
    path = str(require_database(database)).replace("'", "''")
    catalog = '"' + (name or database.stem).replace('"', '""') + '"'
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{path}' as {catalog} (read_only)")
        connection.execute(f"use {catalog}")
        connection.execute("set timezone = 'UTC'")
    except duckdb.Error as error:
        connection.close()
        if "lock" in str(error).lower():
            raise TrunklineError(
                f"{database} is being written by another process; ask again when it has ended."
            ) from error
        raise TrunklineError(f"{database} cannot be opened ({_first_line(error)}).") from error
    return connection


def parse_day(value: Instant | None, name: str) -> date | None:
    """Read a day.

    Args:
        value: A date, an instant at midnight, or ISO text.
        name: What the value is, for the error's text.

    Returns:
        The day, or None.

    Raises:
        RequestError: If the text is no date or names a time of day.
    """
    if value is None:
        return None
    found: date | None = value if isinstance(value, date) else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            found = datetime.fromisoformat(value.strip())
    if found is None:
        raise RequestError(f"The {name} {value!r} is no date; write it as 2026-01-31.")
    if isinstance(found, datetime):
        if found.time() != time():
            raise RequestError(
                f"The {name} {value} has a time of day; days are whole, so write {found:%Y-%m-%d}."
            )
        return found.date()
    return found


def split_names(values: str | Iterable[str]) -> tuple[str, ...]:
    """Split ``a,b`` into names; a sequence may hold such texts too.

    Args:
        values: One text or several.

    Returns:
        The names, in order.
    """
    texts = (values,) if isinstance(values, str) else values
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
