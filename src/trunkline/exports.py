"""Saved queries as tables: the body of every model in ``models/reports/exports``.

dbt Core does not run a saved query's exports. It does write ``semantic_manifest.json`` before it
runs a model, so a Python model can compile its saved query and hand dbt the relation.
"""

from typing import TYPE_CHECKING, Protocol

from trunkline.paths import running_target
from trunkline.semantic.statements import saved_query_sql

if TYPE_CHECKING:
    import duckdb

PREFIX = "rpt_"


class Relation(Protocol):
    """The relation that a model becomes."""

    identifier: str


class DbtModel(Protocol):
    """The object that dbt hands to a Python model, as far as it is used here."""

    this: Relation


def run_saved_query(
    dbt: DbtModel, session: "duckdb.DuckDBPyConnection"
) -> "duckdb.DuckDBPyRelation":
    """Return the rows of the saved query that a model is named after.

    Args:
        dbt: The object that dbt hands to a Python model.
        session: The connection of the build.

    Returns:
        The relation that ``mf query --saved-query`` would return: same columns, order and rows.

    Raises:
        RequestError: If there is no such saved query or one of its metrics refuses it.
    """
    name = str(dbt.this.identifier).removeprefix(PREFIX)
    return session.sql(saved_query_sql(running_target(), name))
