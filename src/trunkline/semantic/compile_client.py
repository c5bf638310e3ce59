"""The SQL client that MetricFlow asks for when it only has to compile."""

from typing import NoReturn

from metricflow.data_table.mf_table import MetricFlowDataTable
from metricflow.protocols.sql_client import SqlClient, SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
from metricflow_semantics.sql.sql_bind_parameters import SqlBindParameterSet

_NO_PARAMETERS = SqlBindParameterSet()


class CompileOnlyClient(SqlClient):
    """Knows the engine and its dialect, and has no connection."""

    def __init__(self) -> None:
        """Choose DuckDB's dialect."""
        self._renderer = DuckDbSqlPlanRenderer()

    @property
    def sql_engine_type(self) -> SqlEngine:
        """The engine that the SQL is meant for."""
        return SqlEngine.DUCKDB

    @property
    def sql_plan_renderer(self) -> SqlPlanRenderer:
        """The renderer of that engine's dialect."""
        return self._renderer

    def query(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = _NO_PARAMETERS
    ) -> MetricFlowDataTable:
        """Refuse: this client has no connection."""
        self._refuse()

    def execute(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = _NO_PARAMETERS
    ) -> None:
        """Refuse: this client has no connection."""
        self._refuse()

    def dry_run(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = _NO_PARAMETERS
    ) -> None:
        """Refuse: this client has no connection."""
        self._refuse()

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        """Refuse: compiled queries carry no parameters."""
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        raise NotImplementedError("The engine compiles only; run the SQL on a DuckDB connection.")
