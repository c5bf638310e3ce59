"""Write the models that make tables of saved queries, a few lines of Python each."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trunkline.exports import PREFIX
from trunkline.semantic.answers import Warehouse
from trunkline.semantic.request import MetricRequest

FOLDER = Path("models/reports/exports")
YAML_FILE = "_exports__models.yml"

_GRAIN_TEXT = {
    "day": "The day",
    "week": "Monday of the week",
    "month": "First day of the month",
    "quarter": "First day of the quarter",
    "year": "First day of the year",
}


@dataclass(frozen=True)
class ExportColumn:
    """A column of an export.

    Attributes:
        name: MetricFlow's name.
        data_type: DuckDB's type.
        description: What it holds.
    """

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class ExportModel:
    """An export: a saved query as a table.

    Attributes:
        saved_query: The saved query's name.
        description: The saved query's description.
        upstream: Models that the compiled query reads, and the time spine.
        columns: What it returns, in order.
        key: The columns that identify a row.
    """

    saved_query: str
    description: str
    upstream: tuple[str, ...]
    columns: tuple[ExportColumn, ...]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """The model's name."""
        return PREFIX + self.saved_query


def read_exports(warehouse: Warehouse, manifest: Mapping[str, Any]) -> list[ExportModel]:
    """Work out what every saved query reads and returns.

    Args:
        warehouse: A warehouse whose marts are built.
        manifest: Content of ``manifest.json``.

    Returns:
        One export per saved query, in alphabetical order.
    """
    texts = _column_texts(manifest)
    queries = {query["name"]: query for query in manifest["saved_queries"].values()}
    exports = []
    for name in warehouse.engine.saved_queries:
        sql = warehouse.engine.compile(MetricRequest(saved_query=name))
        columns = warehouse.connection.execute(f"describe {sql}").fetchall()
        metrics = set(queries[name]["query_params"]["metrics"])
        exports.append(
            ExportModel(
                saved_query=name,
                description=" ".join((queries[name]["description"] or "").split()),
                upstream=upstream_models(warehouse, manifest, sql),
                columns=tuple(
                    ExportColumn(str(row[0]), str(row[1]).lower(), _text(str(row[0]), texts))
                    for row in columns
                ),
                key=tuple(str(row[0]) for row in columns if row[0] not in metrics),
            )
        )
    return exports


def upstream_models(warehouse: Warehouse, manifest: Mapping[str, Any], sql: str) -> tuple[str, ...]:
    """Name the models whose tables a compiled query reads, and the time spine.

    Args:
        warehouse: A warehouse whose engine compiled the query.
        manifest: Content of ``manifest.json``.
        sql: The compiled query.

    Returns:
        Names of models, in alphabetical order.
    """
    relations = f"{sql} {warehouse.engine.time_spine}"
    return tuple(
        sorted(
            str(node["name"])
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["relation_name"] in relations
        )
    )


def render_files(exports: Iterable[ExportModel]) -> dict[str, str]:
    """Render the files of the exports folder.

    Args:
        exports: All exports.

    Returns:
        Text by file name.
    """
    listed = list(exports)
    files = {f"{export.name}.py": _render_model(export) for export in listed}
    files[YAML_FILE] = _render_yaml(listed)
    return files


def _render_model(export: ExportModel) -> str:
    refs = "\n".join(f'    dbt.ref("{name}")' for name in export.upstream)
    return (
        f'"""The saved query `{export.saved_query}` as a table."""\n\n'
        "from trunkline.exports import run_saved_query\n\n\n"
        "def model(dbt, session):\n"
        f"{refs}\n"
        "    return run_saved_query(dbt, session)\n"
    )


def _render_yaml(exports: Iterable[ExportModel]) -> str:
    lines = ["models:"]
    for number, export in enumerate(exports):
        lines += [""] if number else []
        lines += [f"  - name: {export.name}", *_folded("    ", export.description)]
        lines += [
            "    data_tests:",
            "      - primary_key:",
            f"          name: {export.name}__one_row_per_{_spoken(export.key)}",
            "          arguments:",
            f"            columns: [{', '.join(export.key)}]",
            "    columns:",
        ]
        for column in export.columns:
            lines += [
                f"      - name: {column.name}",
                *_folded("        ", column.description),
                f"        data_type: {column.data_type}",
            ]
    return "\n".join(lines) + "\n"


def _folded(indent: str, text: str) -> list[str]:
    one_line = f"{indent}description: {_scalar(text)}"
    if len(one_line) <= 100:
        return [one_line]
    return [
        f"{indent}description: >-",
        *textwrap.wrap(
            text, 100, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}  ",
            break_long_words=False, break_on_hyphens=False,
        ),
    ]  # fmt: skip


def _scalar(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z(][^#:{}\[\]&*!|>%@`\"']*", text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _spoken(key: Iterable[str]) -> str:
    return "_and_".join(name.rpartition("__")[2] for name in key)


def _column_texts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Describe every name that a column of an export can have."""
    texts = {
        metric["name"]: f"{metric['label'] or metric['name']} ({unit})"
        if (unit := (metric["config"].get("meta") or {}).get("unit"))
        else str(metric["label"] or metric["name"])
        for metric in manifest["metrics"].values()
    }
    texts |= {f"metric_time__{grain}": text for grain, text in _GRAIN_TEXT.items()}
    for model in manifest["semantic_models"].values():
        primary = next(
            (item["name"] for item in model["entities"] if item["type"] == "primary"),
            model.get("primary_entity"),
        )
        for entity in model["entities"]:
            if entity["description"] and (
                entity["type"] == "primary" or entity["name"] not in texts
            ):
                texts[entity["name"]] = entity["description"]
        for dimension in model["dimensions"]:
            if dimension["description"]:
                texts[f"{primary}__{dimension['name']}"] = dimension["description"]
    return texts


def _text(column: str, texts: Mapping[str, str]) -> str:
    return " ".join(texts.get(column, column.replace("__", " ").replace("_", " ")).split())
