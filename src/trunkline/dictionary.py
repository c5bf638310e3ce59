"""The metric dictionary, read from dbt's manifest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trunkline.errors import TrunklineError
from trunkline.paths import require_artefact


@dataclass(frozen=True)
class Part:
    """A step of a metric's formula: a metric, or the measure at its root.

    Attributes:
        text: What it is, such as ``gmv / orders`` or ``sum(gmv_amount) from fct_orders``.
        name: The metric's name; empty for a measure.
        conditions: Filters that hold at this step.
        inputs: The steps that it is made of.
    """

    text: str
    name: str = ""
    conditions: tuple[str, ...] = ()
    inputs: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Metric:
    """A metric of the dictionary.

    Attributes:
        name: Its name, which is its address in every interface.
        label: Its label in both languages.
        description: Markdown.
        type: simple, ratio, derived, cumulative or conversion.
        group: The group that owns it.
        owner: The name of the group's owner.
        meta: ``config.meta`` as written.
        formula: Its formula, down to the measures.
        saved_queries: Saved queries that contain it.
    """

    name: str
    label: str
    description: str
    type: str
    group: str
    owner: str
    meta: Mapping[str, Any]
    formula: Part
    saved_queries: tuple[str, ...] = ()

    @property
    def department(self) -> str:
        """The department in ``meta``, else the owner group."""
        return str(self.meta.get("department") or self.group)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words that people use for it."""
        return tuple(listed_words(self.meta.get("aliases")))

    def matches(self, search: str) -> bool:
        """Say whether every word of a search is in the name, the labels or the aliases.

        Args:
            search: Words, in any case and language.

        Returns:
            True if all are found.
        """
        labels = [str(text) for key, text in self.meta.items() if key.startswith("label")]
        text = " ".join([self.name, self.label, *labels, *self.aliases]).casefold()
        spaced = text.replace("_", " ")
        return all(word in text or word in spaced for word in search.casefold().split())

    def as_dict(self) -> dict[str, Any]:
        """Give the entry as plain data.

        Returns:
            A dictionary that ``json.dumps`` accepts.
        """
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "department": self.department,
            "owner": self.owner,
            "description": self.description,
            "formula": self.formula.text,
            "saved_queries": list(self.saved_queries),
            **{key: value for key, value in self.meta.items() if key != "formula"},
        }


@dataclass(frozen=True)
class Dictionary:
    """All metrics, by name.

    Attributes:
        metrics: The metrics in alphabetical order.
    """

    metrics: Mapping[str, Metric] = field(default_factory=dict)

    @property
    def departments(self) -> tuple[str, ...]:
        """All departments that own a metric."""
        return tuple(sorted({metric.department for metric in self.metrics.values()}))

    def select(self, department: str | None = None, search: str | None = None) -> list[Metric]:
        """Pick metrics.

        Args:
            department: Only those of this department.
            search: Only those whose name, labels or aliases hold every word.

        Returns:
            The metrics, in alphabetical order.
        """
        return [
            metric
            for metric in self.metrics.values()
            if (department is None or metric.department == department)
            and (search is None or metric.matches(search))
        ]


def load_manifest(path: Path) -> dict[str, Any]:
    """Read dbt's manifest.

    Args:
        path: ``manifest.json`` in the target folder.

    Returns:
        Its content.

    Raises:
        NotBuiltError: If dbt has not written it yet.
        TrunklineError: If it is no manifest.
    """
    try:
        content = json.loads(require_artefact(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrunklineError(
            f"{path} is not a manifest ({error}); run `dbt parse` again."
        ) from error
    if not isinstance(content, dict) or "metrics" not in content:
        raise TrunklineError(f"{path} is not a manifest; run `dbt parse` again.")
    return content


def read_dictionary(manifest: Mapping[str, Any]) -> Dictionary:
    """Build the dictionary from dbt's manifest.

    Args:
        manifest: Content of ``manifest.json``.

    Returns:
        All metrics that are enabled.
    """
    owners = {
        group["name"]: group["owner"].get("name") or group["owner"].get("email") or ""
        for group in manifest["groups"].values()
    }
    nodes = {node["name"]: node for node in manifest["metrics"].values()}
    measures = _measures(manifest["semantic_models"].values())
    containing: dict[str, list[str]] = {}
    for query in manifest["saved_queries"].values():
        for name in query["query_params"]["metrics"]:
            containing.setdefault(name, []).append(query["name"])
    return Dictionary(
        {
            name: Metric(
                name=name,
                label=node["label"] or name,
                description=node["description"] or "",
                type=node["type"],
                group=node["group"] or "",
                owner=owners.get(node["group"] or "", ""),
                meta=node["config"].get("meta") or {},
                formula=_part(name, nodes, measures),
                saved_queries=tuple(sorted(containing.get(name, []))),
            )
            for name, node in sorted(nodes.items())
        }
    )


def listed_words(value: object) -> list[str]:
    """Read a list that may have been written as one text with semicolons.

    Args:
        value: A list, a text or nothing.

    Returns:
        The items.
    """
    if value is None:
        return []
    if isinstance(value, str):
        return [word.strip() for word in value.split(";") if word.strip()]
    return [str(item) for item in value] if isinstance(value, Iterable) else [str(value)]


def _measures(models: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Map each measure to its aggregate and the table that it reads."""
    found: dict[str, tuple[str, str]] = {}
    for model in models:
        for measure in model["measures"]:
            aggregate = f"{measure['agg']}({measure['expr'] or measure['name']})"
            found[measure["name"]] = (aggregate, model["node_relation"]["alias"])
    return found


def _conditions(holder: Mapping[str, Any] | None) -> tuple[str, ...]:
    filters = ((holder or {}).get("filter") or {}).get("where_filters") or []
    return tuple(" ".join(item["where_sql_template"].split()) for item in filters)


def _part(name: str, nodes: Mapping[str, Any], measures: Mapping[str, tuple[str, str]]) -> Part:
    node = nodes[name]
    params = node["type_params"]
    conditions = _conditions(node)
    if params.get("measure"):
        aggregate, table = measures.get(params["measure"]["name"], (params["measure"]["name"], "?"))
        return Part(
            text=f"{aggregate} from {table}",
            name=name,
            conditions=conditions + _conditions(params["measure"]),
        )
    inputs: Sequence[Mapping[str, Any]] = (
        [params["numerator"], params["denominator"]]
        if params.get("numerator")
        else params.get("metrics") or []
    )
    names = [item["alias"] or item["name"] for item in inputs]
    text = params.get("expr") or (" / ".join(names) if names else node["type"])
    return Part(
        text=" ".join(str(text).split()),
        name=name,
        conditions=conditions,
        inputs=tuple(_input(item, nodes, measures) for item in inputs),
    )


def _input(
    item: Mapping[str, Any], nodes: Mapping[str, Any], measures: Mapping[str, tuple[str, str]]
) -> Part:
    part = _part(item["name"], nodes, measures)
    offset, start = item.get("offset_window"), item.get("offset_to_grain")
    shift = f"at the start of the {start}" if start else ""
    if offset:
        shift = f"{offset['count']} {offset['granularity']} earlier"
    alias = f"{item['alias']} = {item['name']}" if item["alias"] else item["name"]
    return Part(
        text=part.text,
        name=f"{alias} ({shift})" if shift else alias,
        conditions=part.conditions + _conditions(item),
        inputs=part.inputs,
    )
