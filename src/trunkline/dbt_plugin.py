"""dbt-duckdb plugin: lets the raw layer ask whether a file can be read before it reads it."""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from duckdb.func import SPECIAL
from duckdb.sqltypes import VARCHAR


def source_problem(reader: str) -> str | None:
    """Say why a DuckDB table function cannot be read.

    Args:
        reader: A table function call, such as ``read_parquet('orders.parquet')``.

    Returns:
        The first line of the reader's complaint, or None if it reads to its end.
    """
    try:
        with duckdb.connect() as connection:
            connection.execute(f"select count(*) from {reader}").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None


class Plugin(BasePlugin):
    """Registers ``source_problem`` on every connection that dbt opens."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Make the function callable from SQL."""
        conn.create_function(
            "source_problem", source_problem, [VARCHAR], VARCHAR, null_handling=SPECIAL
        )
