"""Compiles metric queries with MetricFlow, without a connection to any database."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class CompileOnly:
    """A client that knows the dialect and nothing else."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def query(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("this client compiles and never runs anything")

    execute = dry_run = query

    def close(self) -> None:
        """Nothing is open."""

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"


class SemanticLayer:
    """The metrics of one target folder."""

    def __init__(self, target: Path) -> None:
        """Reads semantic_manifest.json and, for the metrics' meta, manifest.json."""
        text = (target / "semantic_manifest.json").read_text(encoding="utf-8")
        self.engine = MetricFlowEngine(
            SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text)),
            CompileOnly(),
        )
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        self.meta: dict[str, dict[str, Any]] = {
            metric["name"]: metric["config"]["meta"] for metric in manifest["metrics"].values()
        }
        self.catalogue = {
            metric["name"]
            for metric in manifest["metrics"].values()
            if "catalogue" in metric["tags"]
        }
        self.compile = cache(self._compile)

    def _compile(self, metric: str, group_by: tuple[str, ...]) -> str:
        """The SQL of one metric."""
        request = MetricFlowQueryRequest.create(
            metric_names=[metric], group_by_names=list(group_by)
        )
        return str(self.engine.explain(request).sql_statement.without_descriptions.sql)
