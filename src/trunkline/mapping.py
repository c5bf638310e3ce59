"""Turns foreign files into a folder of the raw contract by a SQL script."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from trunkline.errors import RequestError


@dataclass(frozen=True)
class Mapped:
    """What a mapping wrote.

    Attributes:
        rows: Rows written by ``system.entity``.
        variables: Variables of the project that fit these data.
    """

    rows: Mapping[str, int]
    variables: Mapping[str, str]


def run_mapping(script: Path, data: Path, out: Path) -> Mapped:
    """Run a mapping script and write every table that it makes as Parquet.

    The script creates tables ``<system>.<entity>`` and reads its input below
    ``getvariable('data')``. Tables in the schema ``main`` are scratch. What it sets with
    ``set variable`` are variables of the project for the build on these tables.

    Args:
        script: The SQL script.
        data: Folder of the foreign files.
        out: Folder to write to, one ``<system>/<entity>.parquet`` per table.

    Returns:
        The rows written and the variables for the build.

    Raises:
        RequestError: If the script or the data folder does not exist, if the script fails or if
            the output cannot be written; the message names it and says why.
    """
    if not script.is_file():
        raise RequestError(f"There is no mapping script {script}.")
    if not data.is_dir():
        raise RequestError(f"There is no folder {data}; give the folder of the data files.")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set variable data = ?", [str(data)])
        try:
            connection.execute(script.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise RequestError(f"{script}: {error}") from error
        tables: list[tuple[str, str]] = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema != 'main' order by all"
        ).fetchall()
        rows = {}
        for system, entity in tables:
            folder = out / system
            try:
                folder.mkdir(parents=True, exist_ok=True)
                written = connection.execute(
                    f'copy "{system}"."{entity}" to ? (format parquet)',
                    [str(folder / f"{entity}.parquet")],
                ).fetchone()
            except (OSError, duckdb.IOException) as error:
                raise RequestError(f"{folder} cannot be written: {error}") from error
            rows[f"{system}.{entity}"] = int(written[0]) if written else 0
        variables = connection.execute(
            "select name, cast(value as varchar) from duckdb_variables() where name != 'data'"
            " order by name desc"
        ).fetchall()
    return Mapped(rows, dict(variables))
