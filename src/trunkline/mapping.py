"""Turns foreign files into a folder of the raw contract by a SQL script."""

from pathlib import Path

import duckdb

from trunkline.errors import RequestError


def run_mapping(script: Path, data: Path, out: Path) -> dict[str, int]:
    """Run a mapping script and write every table that it makes as Parquet.

    The script creates tables ``<system>.<entity>`` and reads its input below
    ``getvariable('data')``. Tables in the schema ``main`` are scratch.

    Args:
        script: The SQL script.
        data: Folder of the foreign files.
        out: Folder to write to, one ``<system>/<entity>.parquet`` per table.

    Returns:
        Rows written by ``system.entity``.

    Raises:
        RequestError: If the script or the data folder does not exist, or if the script fails;
            the message names it and says why.
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
            folder.mkdir(parents=True, exist_ok=True)
            written = connection.execute(
                f'copy "{system}"."{entity}" to ? (format parquet)',
                [str(folder / f"{entity}.parquet")],
            ).fetchone()
            rows[f"{system}.{entity}"] = int(written[0]) if written else 0
    return rows
