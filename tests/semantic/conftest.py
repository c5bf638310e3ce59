"""The semantic layer as the tests see it: what dbt wrote, an engine over it, and the database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from tests.support import PROJECT, DbtBuild


class CompileOnlyClient:
    """Tells MetricFlow which SQL to write; it never runs any."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Answer:
    """Columns and rows of a metric query."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def by_key(self, metric: str) -> dict[tuple[Any, ...], Any]:
        """The metric's value per combination of the other columns."""
        value = self.columns.index(metric)
        keys = [i for i, column in enumerate(self.columns) if column != metric]
        return {tuple(row[i] for i in keys): row[value] for row in self.rows}


class SemanticLayer:
    """Compiles metric queries with MetricFlow and answers them from the built database."""

    def __init__(self, build: DbtBuild) -> None:
        text = (build.target / "semantic_manifest.json").read_text(encoding="utf-8")
        self.definition: dict[str, Any] = json.loads(text)
        self.manifest: dict[str, Any] = json.loads(
            (build.target / "manifest.json").read_text(encoding="utf-8")
        )
        self.measures: dict[str, dict[str, Any]] = {
            measure["name"]: measure
            | {
                "semantic_model": model["name"],
                "agg_time_dimension": measure["agg_time_dimension"]
                or model["defaults"]["agg_time_dimension"],
            }
            for model in self.manifest["semantic_models"].values()
            for measure in model["measures"]
        }
        self.saved_queries: dict[str, dict[str, Any]] = {
            query["name"]: query for query in self.manifest["saved_queries"].values()
        }
        lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text))
        self.engine = MetricFlowEngine(lookup, CompileOnlyClient())  # type: ignore[arg-type]
        self.connection = duckdb.connect(str(build.database), read_only=True)
        self.connection.execute("set TimeZone = 'UTC'")
        self._answers: dict[tuple[tuple[str, ...], tuple[str, ...], str], Answer] = {}

    def project_file(self, name: str) -> str:
        """The text of a file of the project."""
        return (PROJECT / name).read_text(encoding="utf-8")

    def compile(self, metrics: Sequence[str], group_by: Sequence[str], where: str = "") -> str:
        """The SQL that MetricFlow writes for a query."""
        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(group_by) or None,
            where_constraints=[where] if where else None,
        )
        return self.engine.explain(request).sql_statement.without_descriptions.sql

    def query(
        self, metrics: Sequence[str], group_by: Sequence[str] = (), where: str = ""
    ) -> Answer:
        """The rows of a query."""
        key = (tuple(metrics), tuple(group_by), where)
        if key not in self._answers:
            self._answers[key] = self.sql(self.compile(metrics, group_by, where))
        return self._answers[key]

    def sql(self, statement: str) -> Answer:
        """The rows of a statement."""
        result = self.connection.execute(statement)
        return Answer(tuple(column[0] for column in result.description or ()), result.fetchall())


@pytest.fixture(scope="session")
def layer(built_database: DbtBuild) -> Iterator[SemanticLayer]:
    """The semantic layer over the demo build."""
    layer = SemanticLayer(built_database)
    yield layer
    layer.connection.close()


@pytest.fixture(scope="session")
def metrics(layer: SemanticLayer) -> dict[str, dict[str, Any]]:
    """Every metric of the project, with label, rendered description, config and parameters."""
    found: dict[str, dict[str, Any]] = {
        metric["name"]: metric for metric in layer.manifest["metrics"].values()
    }
    assert found, "the project has no metrics"
    return found
