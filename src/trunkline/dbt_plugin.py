"""dbt-duckdb plugin: lets the raw layer ask what a folder delivers before it reads it."""

import json
import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from duckdb.func import SPECIAL
from duckdb.sqltypes import VARCHAR

from trunkline.errors import TrunklineError
from trunkline.machine import bytes_of, engine_memory, machine_problem, this_machine
from trunkline.raw_files import (
    check_delivery,
    count_events,
    delivery_files,
    delivery_reader,
    find_deliveries,
    read_contract,
)


def raw_files_problem(root: str, contract: str) -> str | None:
    """Say what is wrong with a folder of raw files; every file is read to its end.

    Args:
        root: The folder.
        contract: What the macro ``raw_contract`` gives, as JSON.

    Returns:
        A sentence that names the file and the remedy, or None if all is well.
    """
    tables = read_contract(json.loads(contract))
    try:
        for delivery in find_deliveries(root, tables).values():
            check_delivery(delivery, tables[delivery.system][delivery.entity])
    except TrunklineError as error:
        return str(error)
    return None


def raw_files_reader(root: str, contract: str, system: str, entity: str) -> str | None:
    """Say how the files of one table are read.

    Args:
        root: The folder.
        contract: What the macro ``raw_contract`` gives, as JSON.
        system: Source system.
        entity: Table of the contract.

    Returns:
        JSON with ``format``, ``files`` and ``reader``, or with ``problem``; None if the table is
        absent.
    """
    tables = read_contract(json.loads(contract))
    try:
        delivery = find_deliveries(root, tables).get((system, entity))
        if delivery is None:
            return None
        files = delivery_files(delivery)
        reader = delivery_reader(delivery, tables[system][entity].columns)
    except TrunklineError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps({"format": delivery.file_format, "files": files, "reader": reader})


class Plugin(BasePlugin):
    """Registers the functions on every connection that dbt opens, and bounds its memory."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Take the limit of memory from ``TRUNKLINE_MEMORY_LIMIT``, else from the machine.

        What exceeds it spills to ``<database>.tmp``, and what cannot spill ends in an error.
        """
        machine = this_machine(Path(creds.path))
        config["memory_limit"] = os.environ.get(
            "TRUNKLINE_MEMORY_LIMIT", f"{engine_memory(machine) >> 20}MiB"
        )

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Make the functions callable from SQL."""
        database, limit = conn.sql(
            "select coalesce(path, ':memory:'), current_setting('memory_limit')"
            " from duckdb_databases() where database_name = current_database()"
        ).fetchall()[0]

        def raw_files_too_large(root: str, contract: str) -> str | None:
            """Say whether this machine is too small for the events of a folder of raw files."""
            events = count_events(find_deliveries(root, read_contract(json.loads(contract))))
            return machine_problem(this_machine(Path(database)), bytes_of(limit), events)

        for function, arguments in (
            (raw_files_problem, 2),
            (raw_files_too_large, 2),
            (raw_files_reader, 4),
        ):
            conn.create_function(
                function.__name__, function, [VARCHAR] * arguments, VARCHAR, null_handling=SPECIAL
            )
