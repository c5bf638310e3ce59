"""The page on the raw contract, rendered from the raw layer's YAML and dbt's lineage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHARED_AREAS = frozenset({"identity", "persons", "calendar", "utilities"})

_INTRODUCTION = """# The raw contract

<!-- Written by `trunkline contract docs` from models/raw/*/_raw_*__models.yml; change the YAML. -->

The warehouse reads these tables and no others. Deliver the ones you have: a whole system may be
left out, and within a system every table marked *optional*. An absent table reads as empty, and
metrics that live on it read null. A *required* table that is missing while its system delivers
others stops the build, as does a missing required column or an unreadable file, with a sentence
that names it. A row that breaks a rule never stops the build: it moves to `fct_quarantined_rows`
with the rule it broke.

## Map your own data

One variable, `raw_source`, chooses where the tables come from. No model is edited.

{modes}

To map a foreign system, write one `select` per table that gives its columns the names below, and
store the result as a file or as a table; `examples/` holds two such mappings. Columns that the
contract does not name are ignored; optional columns may be absent.

Rules that hold for every table:

- Text is trimmed, and an empty text is null. In CSV and JSON every column may arrive as text: what
  does not convert to its type breaks the rule `bad_type`.
- Timestamps are UTC; text with an offset is converted.
- `loaded_at` says when the row was taken. Of a *versioned* table the row with the latest
  `loaded_at` per key counts, so corrections are new rows; of any other table a key that arrives
  twice is the same row.
- A blank currency is the reporting currency.
"""

_METRICS = """## Which metrics need which tables

With the tables on the left delivered, the metrics on the right can be measured; the optional ones
among them refine the numbers (refunds, scores, exchange rates). Every metric also reads, as far as
they are delivered, tables that tell persons apart or set the first and the last day: {shared}.
"""

_MODES = (
    (
        "`seeds` (default)",
        "the committed demo company, `seeds/raw/<system>/<system>__<entity>.csv`",
        "`dbt build`",
    ),
    (
        "`files`",
        "`<raw_path>/<system>/<entity>.parquet`, `.csv` or `.json`, or a folder of them",
        "`dbt build --vars '{raw_source: files, raw_path: /data/raw}'`",
    ),
    (
        "`schema`",
        "`<system>__<entity>` in a schema of the same database or of an attached one",
        "`dbt build --vars '{raw_source: schema, raw_schema: lake.raw}'`",
    ),
)


@dataclass(frozen=True)
class Needs:
    """The raw tables behind a metric.

    Attributes:
        own: Tables that its numbers are made of.
        shared: Further tables, read only to tell persons and days apart.
    """

    own: frozenset[str]
    shared: frozenset[str]


def render_raw_contract(manifest: Mapping[str, Any]) -> str:
    """Render the page.

    Args:
        manifest: Content of ``manifest.json``.

    Returns:
        Markdown.
    """
    tables = sorted(
        (node for node in manifest["nodes"].values() if _is_raw(node)),
        key=lambda node: (_system(node), _meta(node).get("presence") != "required", node["name"]),
    )
    needs = metric_needs(manifest)
    readers: dict[str, list[str]] = defaultdict(list)
    for metric, need in needs.items():
        for table in need.own:
            readers[table].append(metric)
    modes = _grid(("`raw_source`", "Tables are", "Run"), _MODES)
    parts = [_INTRODUCTION.format(modes=modes), _overview(tables, readers), _metric_section(needs)]
    system = ""
    for node in tables:
        if _system(node) != system:
            system = _system(node)
            parts.append(f"## System `{system}`\n")
        parts.append(_table(node, sorted(readers[_table_name(node)])))
    return "\n".join(parts).rstrip() + "\n"


def metric_needs(manifest: Mapping[str, Any]) -> dict[str, Needs]:
    """Follow every metric down to the raw tables.

    The identity graph and the calendar read nearly every table, so that plain lineage would say
    that every metric needs all of them. What is reached only through them is kept apart.

    Args:
        manifest: Content of ``manifest.json``.

    Returns:
        The tables of every metric, by its name, in alphabetical order.
    """
    parents: Mapping[str, list[str]] = manifest["parent_map"]
    nodes: Mapping[str, Any] = manifest["nodes"]
    found = {}
    for metric in sorted(manifest["metrics"].values(), key=lambda item: str(item["name"])):
        facts = _facts(str(metric["unique_id"]), parents)
        every = _raw_above(facts, parents, nodes, through_shared=True)
        own = _raw_above(facts, parents, nodes, through_shared=False) or every
        found[str(metric["name"])] = Needs(frozenset(own), frozenset(every - own))
    return found


def _facts(metric: str, parents: Mapping[str, list[str]]) -> set[str]:
    """Give the models under the semantic models that a metric measures."""
    models: set[str] = set()
    open_nodes = [metric]
    while open_nodes:
        for parent in parents.get(open_nodes.pop(), []):
            if parent.startswith("model."):
                models.add(parent)
            else:
                open_nodes.append(parent)
    return models


def _raw_above(
    start: Iterable[str],
    parents: Mapping[str, list[str]],
    nodes: Mapping[str, Any],
    *,
    through_shared: bool,
) -> set[str]:
    seen, raw = set(start), set()
    open_nodes = list(seen)
    while open_nodes:
        for parent in parents.get(open_nodes.pop(), []):
            node = nodes.get(parent)
            if parent in seen or node is None or not parent.startswith("model."):
                continue
            if not through_shared and SHARED_AREAS & set(node["fqn"][1:-1]):
                continue
            seen.add(parent)
            if _is_raw(node):
                raw.add(_table_name(node))
            open_nodes.append(parent)
    return raw


def _overview(tables: Iterable[Mapping[str, Any]], readers: Mapping[str, list[str]]) -> str:
    rows = [
        (
            f"[`{_table_name(node)}`](#{_table_name(node)})",
            _presence(node),
            _codes(_meta(node).get("key")),
            "yes" if _meta(node).get("versioned") else "no",
            str(len(readers[_table_name(node)])),
            _cell(node["description"]),
        )
        for node in tables
    ]
    head = ("Table", "Presence", "Key", "Versioned", "Metrics on it", "Purpose")
    return f"## Tables\n\n{_grid(head, rows)}\n"


def _metric_section(needs: Mapping[str, Needs]) -> str:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for metric, need in needs.items():
        groups[tuple(sorted(need.own))].append(metric)
    rows = [
        (_codes(tables), _codes(metrics))
        for tables, metrics in sorted(groups.items(), key=lambda item: (len(item[0]), item[0]))
    ]
    shared = sorted(set[str]().union(*(need.shared for need in needs.values())))
    return f"{_METRICS.format(shared=_codes(shared))}\n{_grid(('Tables', 'Metrics'), rows)}\n"


def _table(node: Mapping[str, Any], readers: list[str]) -> str:
    meta = _meta(node)
    facts = [
        _presence(node).capitalize(),
        f"key {_codes(meta.get('key'))}",
        "versioned: the latest `loaded_at` per key counts"
        if meta.get("versioned")
        else "append-only: a key that arrives twice is the same row",
    ]
    if meta.get("any_of"):
        facts.append(f"at least one of {_codes(meta['any_of'])} must be given")
    made_of_it = (
        f"Metrics made of it: {_codes(readers)}." if readers else "No metric is made of it."
    )
    head = ("Column", "Type", "Key", "Null", "Unit", "Meaning", "Example")
    rows = [
        _column(column, is_key=column["name"] in (meta.get("key") or ()))
        for column in node["columns"].values()
    ]
    return (
        f"### {_table_name(node)}\n\n{node['description']}\n\n{'; '.join(facts)}.\n\n"
        f"{made_of_it}\n\n{_grid(head, rows)}\n"
    )


def _column(column: Mapping[str, Any], *, is_key: bool) -> tuple[str, ...]:
    rules = column["config"].get("meta") or {}
    return (
        f"`{column['name']}`",
        str(column["data_type"]),
        "key" if is_key else "",
        "never" if rules.get("required") else "allowed",
        str(rules.get("unit", "")),
        _cell(column["description"] + _rules(rules)),
        _example(rules.get("example")),
    )


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _presence(node: Mapping[str, Any]) -> str:
    return str(_meta(node).get("presence", "optional"))


def _rules(rules: Mapping[str, Any]) -> str:
    texts = []
    if rules.get("enum"):
        texts.append(f"one of {_codes(rules['enum'])}")
    if "min" in rules:
        texts.append(f"at least {rules['min']}")
    if "max" in rules:
        texts.append(f"at most {rules['max']}")
    if "above" in rules:
        texts.append(f"above {rules['above']}")
    if rules.get("may_lie_ahead"):
        texts.append("may lie in the future")
    if rules.get("pii"):
        texts.append("personal data, hashed before anything is stored")
    return "".join(f"; {text}" for text in texts)


def _is_raw(node: Mapping[str, Any]) -> bool:
    return node["resource_type"] == "model" and str(node["name"]).startswith("raw_")


def _table_name(node: Mapping[str, Any]) -> str:
    return str(node["name"]).removeprefix("raw_")


def _system(node: Mapping[str, Any]) -> str:
    return _table_name(node).partition("__")[0]


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = node["config"].get("meta") or {}
    return meta


def _codes(names: Iterable[str] | None) -> str:
    return ", ".join(f"`{name}`" for name in names or ())


def _example(value: object) -> str:
    return "" if value is None else f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
