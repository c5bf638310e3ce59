"""One warm MetricFlow engine per process that compiles queries and needs no connection."""

import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from trunkline.errors import RequestError, TrunklineError
from trunkline.paths import SEMANTIC_MANIFEST, require_artefact, resolve_target
from trunkline.semantic.names import (
    GRAINS,
    METRIC_TIME,
    GroupByItems,
    MetricRules,
    Resolver,
    check_metrics,
    check_name,
)
from trunkline.semantic.request import MetricRequest
from trunkline.semantic.time_range import range_conditions

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery

_SAVED_GROUP_BY = re.compile(
    r"""(?:Dimension|TimeDimension|Entity)\(\s*['"](?P<name>\w+)['"]"""
    r"""(?:\s*,\s*['"](?P<grain>\w+)['"])?.*?\)(?:\.grain\(\s*['"](?P<dotted>\w+)['"])?"""
)

# A dashboard asks the same questions over and over; a statement is a few kilobytes.
_REMEMBERED = 1024

_lock = threading.Lock()
_engines: dict[Path, tuple[tuple[int, int], "SemanticEngine"]] = {}


class SemanticEngine:
    """Compiles metric requests to DuckDB SQL and honours each metric's ``meta``.

    Use ``load_engine`` to get one. Imports of MetricFlow happen in the constructor, because they
    take longer than everything else together.
    """

    def __init__(self, manifest_path: Path) -> None:
        """Load the semantic manifest.

        Args:
            manifest_path: dbt's ``semantic_manifest.json``.

        Raises:
            TrunklineError: If the file is not a semantic manifest.
        """
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow_semantics.model.dbt_manifest_parser import (
            parse_manifest_from_dbt_generated_manifest,
        )
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

        from trunkline.semantic.compile_client import CompileOnlyClient

        try:
            manifest = parse_manifest_from_dbt_generated_manifest(
                manifest_path.read_text(encoding="utf-8")
            )
        except ValueError as error:
            raise TrunklineError(
                f"{manifest_path} is not a semantic manifest ({error}); run `dbt parse` again."
            ) from error
        self.manifest_path = manifest_path
        self._compile_lock = threading.Lock()
        self._items: dict[str, GroupByItems] = {}
        self.rules = {
            metric.name: MetricRules.from_meta(
                metric.name,
                (metric.config.meta if metric.config else None) or {},
                metric.label or "",
            )
            for metric in manifest.metrics
            if not metric.type_params.is_private
        }
        self._saved_queries = {query.name: query for query in manifest.saved_queries}
        spines = manifest.project_configuration.time_spines
        self.time_spine = spines[0].node_relation.relation_name if spines else ""
        self.time_spine_column = spines[0].primary_column.name if spines else ""
        relations = [model.node_relation for model in manifest.semantic_models]
        self.database = next((relation.database for relation in relations), None) or ""
        self._engine = MetricFlowEngine(SemanticManifestLookup(manifest), CompileOnlyClient())
        self._written = lru_cache(_REMEMBERED)(self._write)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Names of all metrics."""
        return tuple(sorted(self.rules))

    @cached_property
    def saved_queries(self) -> tuple[str, ...]:
        """Names of all saved queries."""
        return tuple(sorted(self._saved_queries))

    def resolver(self, metrics: tuple[str, ...]) -> Resolver:
        """Give the resolver of names for a set of metrics.

        Args:
            metrics: Known metrics.

        Returns:
            What they can be grouped by together, and how to find it.
        """
        return Resolver(
            rules=tuple(self.rules[name] for name in metrics),
            items={name: self._group_by_items(name) for name in metrics},
        )

    def check(self, request: MetricRequest) -> MetricRequest:
        """Resolve every name of a request and refuse what a metric does not answer.

        Args:
            request: What was typed.

        Returns:
            The same request in MetricFlow's names, its range of days among the conditions.

        Raises:
            RequestError: With a sentence that says what to write instead.
        """
        if request.limit is not None and request.limit < 0:
            raise RequestError(f"The limit is {request.limit}; it must be 0 or more.")
        if request.saved_query is not None:
            return self._check_saved_query(request, request.saved_query)
        if not request.metrics:
            raise RequestError("Name at least one metric or a saved query.")
        metrics = check_metrics(request.metrics, self.rules)
        resolver = self.resolver(metrics)
        group_by = tuple(resolver.group_by(item) for item in request.group_by)
        for item in group_by:
            if group_by.count(item) > 1:
                raise RequestError(f"The group-by names {item} twice; name it once.")
        return replace(
            request,
            metrics=metrics,
            group_by=group_by,
            where=_conditions(request, resolver, group_by),
            start=None,
            end=None,
            order_by=tuple(resolver.order_by(item, group_by) for item in request.order_by),
        )

    def compile(self, request: MetricRequest, *, ordered: bool = False) -> str:
        """Compile a request to SQL, or give what it was compiled to before.

        Args:
            request: What was typed; it is checked first.
            ordered: Whether to order by what the request groups by too, time first, so that the
                same rows always come in the same order.

        Returns:
            One select statement, with MetricFlow's column names and order.

        Raises:
            RequestError: If a name is wrong or the request cannot be answered.
        """
        checked = self.check(request)
        if ordered:
            checked = replace(checked, order_by=checked.order_by + self._ties(checked))
        return self._written(checked)

    def saved_query_metrics(self, name: str) -> tuple[str, ...]:
        """List the metrics of a saved query.

        Args:
            name: A saved query.

        Returns:
            Names of its metrics, in its order.

        Raises:
            RequestError: If there is no such saved query.
        """
        return tuple(self._saved_query(name).query_params.metrics)

    def _write(self, checked: MetricRequest) -> str:
        """Let MetricFlow write the SQL of a checked request."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow_semantics.errors.error_classes import MetricFlowException

        with self._compile_lock:
            try:
                result = self._engine.explain(
                    MetricFlowQueryRequest.create(
                        saved_query_name=checked.saved_query,
                        metric_names=checked.metrics or None,
                        group_by_names=checked.group_by or None,
                        where_constraints=checked.where or None,
                        order_by_names=checked.order_by or None,
                        limit=checked.limit,
                    )
                )
            except MetricFlowException as error:
                raise RequestError(_first_message(str(error))) from error
        return result.sql_statement.without_descriptions.sql

    def _saved_query(self, name: str) -> "PydanticSavedQuery":
        return self._saved_queries[check_name(name, self._saved_queries, "saved query")]

    def _saved_items(self, saved: "PydanticSavedQuery") -> tuple[str, ...]:
        resolver = self.resolver(tuple(saved.query_params.metrics))
        return tuple(
            resolver.group_by(_saved_group_by(item)) for item in saved.query_params.group_by
        )

    def _ties(self, checked: MetricRequest) -> tuple[str, ...]:
        """List what is grouped by and not yet ordered by, time first."""
        group_by = checked.group_by
        if checked.saved_query is not None:
            group_by = self._saved_items(self._saved_query(checked.saved_query))
        taken = {item.removeprefix("-") for item in checked.order_by}
        items = sorted(group_by, key=lambda item: not item.startswith(METRIC_TIME))
        return tuple(item for item in items if item not in taken)

    def _check_saved_query(self, request: MetricRequest, name: str) -> MetricRequest:
        if request.metrics or request.group_by:
            raise RequestError(
                "A saved query brings its own metrics and dimensions; name either it or them."
            )
        saved = self._saved_query(name)
        resolver = self.resolver(tuple(saved.query_params.metrics))
        group_by = self._saved_items(saved)
        return replace(
            request,
            saved_query=saved.name,
            where=_conditions(request, resolver, group_by),
            start=None,
            end=None,
            order_by=tuple(resolver.order_by(item, group_by) for item in request.order_by),
        )

    def _group_by_items(self, metric: str) -> GroupByItems:
        """Ask MetricFlow once per metric what it can be grouped by."""
        from metricflow.engine.models import Dimension
        from metricflow_semantic_interfaces.type_enums.dimension_type import DimensionType

        with self._compile_lock:
            if metric not in self._items:
                found = self._engine.list_group_bys([metric])
                dimensions = [item for item in found if isinstance(item, Dimension)]
                self._items[metric] = GroupByItems(
                    entities=frozenset(
                        item.name for item in found if not isinstance(item, Dimension)
                    ),
                    categories=frozenset(
                        item.dunder_name
                        for item in dimensions
                        if item.type is not DimensionType.TIME
                    ),
                    times=frozenset(
                        item.granularity_free_dunder_name
                        for item in dimensions
                        if item.type is DimensionType.TIME and item.name != METRIC_TIME
                    ),
                    grain=_finest(item.dunder_name for item in dimensions),
                )
            return self._items[metric]


def load_engine(target: Path | None = None) -> SemanticEngine:
    """Load the engine of a project, or return the one that is already warm.

    Args:
        target: dbt's target folder; default as ``resolve_target`` finds it.

    Returns:
        The engine; one per process and semantic manifest, loaded again when dbt rewrites the file.

    Raises:
        NotBuiltError: If dbt has not written the semantic manifest yet.
    """
    path = require_artefact(resolve_target(target=target) / SEMANTIC_MANIFEST)
    stat = path.stat()
    stamp = (stat.st_mtime_ns, stat.st_size)
    with _lock:
        known = _engines.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, SemanticEngine(path))
            _engines[path] = known
        return known[1]


def _conditions(
    request: MetricRequest, resolver: Resolver, group_by: tuple[str, ...]
) -> tuple[str, ...]:
    """Put the range of days after the conditions that were typed."""
    typed = tuple(resolver.where(condition) for condition in request.where)
    days = range_conditions(request.start, request.end, group_by, resolver.common.grain)
    return typed + days


def _finest(names: Iterable[str]) -> str:
    """Take the grain out of the name under which MetricFlow offers ``metric_time``."""
    grains = {
        name.removeprefix(f"{METRIC_TIME}__") for name in names if name.startswith(METRIC_TIME)
    }
    return next((grain for grain in GRAINS if grain in grains), GRAINS[0])


def _saved_group_by(item: str) -> str:
    """Turn a saved query's ``TimeDimension('metric_time', 'month')`` into a dunder name."""
    found = _SAVED_GROUP_BY.match(item.strip())
    if found is None:
        return item
    grain = found["grain"] or found["dotted"]
    return f"{found['name']}__{grain}" if grain else found["name"]


def _first_message(text: str) -> str:
    """Take the sentence out of MetricFlow's report of errors."""
    found = re.search(r"Message:\s*\n(?P<message>.*?)(?:\n\s*\n|\Z)", text, flags=re.DOTALL)
    message = found["message"] if found else text
    if "offset" in message and "metric_time" in message:
        return "A metric in the request compares periods; group by metric_time__<grain>."
    return " ".join(message.split())
