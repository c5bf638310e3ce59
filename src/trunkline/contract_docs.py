"""The page on the raw contract, rendered from the raw layer's YAML and from what metrics need."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trunkline.raw_needs import Needs

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

- Text is trimmed of spaces, tabs and line breaks, and an empty text is null, whatever the format.
- In CSV and JSON every column may arrive as text, in Parquet and tables any may: what does not
  convert to its type breaks the rule `bad_type`.
- Timestamps are UTC; text with an offset is converted.
- `loaded_at` says when the row was taken. Of a *versioned* table the row with the latest
  `loaded_at` per key counts, so corrections are new rows; of any other table a key that arrives
  twice is the same row.
- A blank currency is the reporting currency.
- Columns marked *personal data* stay as they were delivered in the raw layer and where it reads
  from. Staging keeps no more than the SHA-256 of verified ones, behind the secret in the
  environment variable `TRUNKLINE_IDENTITY_SALT`; the quarantine shows them as `(hidden)`. Set the
  secret before the first build and keep it: without one the hash of a known address can be guessed.
"""

_METRICS = """## Which metrics need which tables

Measured on the demo company: each table is taken away, and every metric is asked again, as a whole,
by its finest grain, and by that and all its dimensions at once. Without a needed table the metric
reads null or zero; without a refining one it answers, with other numbers somewhere:
`erp__currency_rates` refines money in foreign currencies, `crm__lead_scores` the moment at which a
lead qualifies, `cdp__events` the channels that earn credit, and so on. A table in neither column
changed no number of the demo company; with other data it may, through the identity graph or a
dimension that the demo company leaves as it is.
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


def render_raw_contract(manifest: Mapping[str, Any], needs: Mapping[str, Needs]) -> str:
    """Render the page.

    Args:
        manifest: Content of ``manifest.json``.
        needs: The raw tables behind every metric.

    Returns:
        Markdown.
    """
    tables = sorted(
        (node for node in manifest["nodes"].values() if _is_raw(node)),
        key=lambda node: (_system(node), _meta(node).get("presence") != "required", node["name"]),
    )
    readers: dict[str, list[str]] = defaultdict(list)
    for metric, need in needs.items():
        for table in need.needed:
            readers[table].append(metric)
    modes = _grid(("`raw_source`", "Tables are", "Run"), _MODES)
    parts = [_INTRODUCTION.format(modes=modes), _overview(tables, readers), _metric_section(needs)]
    system = ""
    for node in tables:
        if _system(node) != system:
            system = _system(node)
            parts.append(f"## System `{system}`\n")
        parts.append(
            _table(
                node, sorted(readers[_table_name(node)]), is_reserved=_is_reserved(node, manifest)
            )
        )
    return "\n".join(parts).rstrip() + "\n"


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
    head = ("Table", "Presence", "Key", "Versioned", "Needed by", "Purpose")
    return f"## Tables\n\n{_grid(head, rows)}\n"


def _metric_section(needs: Mapping[str, Needs]) -> str:
    groups: dict[Needs, list[str]] = defaultdict(list)
    for metric, need in needs.items():
        groups[need].append(metric)
    rows = [
        (_codes(need.needed), _codes(need.refining), _codes(metrics))
        for need, metrics in sorted(
            groups.items(),
            key=lambda item: (len(item[0].needed), item[0].needed, item[0].refining),
        )
    ]
    return f"{_METRICS}\n{_grid(('Needed', 'Refining', 'Metrics'), rows)}\n"


def _table(node: Mapping[str, Any], readers: list[str], *, is_reserved: bool) -> str:
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
    needed = f"Needed by {_codes(readers)}." if readers else "No metric falls silent without it."
    if is_reserved:
        needed = "Reserved: what arrives is checked and staged, and nothing beyond reads it yet."
    head = ("Column", "Type", "Key", "Null", "Unit", "Meaning", "Example")
    rows = [
        _column(column, is_key=column["name"] in (meta.get("key") or ()))
        for column in node["columns"].values()
    ]
    return (
        f"### {_table_name(node)}\n\n{node['description']}\n\n{'; '.join(facts)}.\n\n"
        f"{needed}\n\n{_grid(head, rows)}\n"
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
        texts.append("personal data")
    return "".join(f"; {text}" for text in texts)


def _is_raw(node: Mapping[str, Any]) -> bool:
    return node["resource_type"] == "model" and str(node["name"]).startswith("raw_")


def _is_reserved(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> bool:
    """True if no model reads the table's staging model."""
    staging = node["unique_id"].replace(".raw_", ".stg_")
    return not any(
        staging in reader["depends_on"]["nodes"]
        for reader in manifest["nodes"].values()
        if reader["resource_type"] == "model"
    )


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
