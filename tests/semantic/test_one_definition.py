"""A formula that stands in metrics/ stands nowhere else."""

import re
from typing import Any

Metrics = dict[str, dict[str, Any]]

# Models that may divide, each with the reason why the quotient is no metric.
DIVIDING_MODELS = {
    "int_broken_events": "a broken event has one row per rule: rows over rules are events",
}

# where a model could hide a quotient
DIVIDING_MACROS = {
    "safe_ratio": "the one quotient",
    "credit_of": "splits one conversion among its touches",
    "decayed": "counts half-lives",
    "days_between": "turns microseconds into days",
}


def statements(node: dict[str, Any]) -> str:
    """The SQL of a model without comments, texts and Jinja."""
    code = node["raw_code"]
    for noise in (r"\{#.*?#\}", r"/\*.*?\*/", r"--[^\n]*", r"'(?:[^']|'')*'", r'"[^"]*"'):
        code = re.sub(noise, " ", code, flags=re.DOTALL)
    return code


def models_of(layer: Any, *folders: str) -> list[dict[str, Any]]:
    """The SQL models below some folders of models/."""
    return [
        node
        for node in layer.manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["language"] == "sql"
        and node["path"].startswith(tuple(f"{folder}/" for folder in folders))
    ]


def divides(code: str) -> bool:
    """True for a quotient; a floor division cuts time into buckets and is none."""
    return bool(re.search(r"safe_ratio|(?<!/)/(?!/)", code))


def test_the_guard_sees_a_division() -> None:
    assert divides(statements({"raw_code": "select spend / nullif(leads, 0) as cpl"}))
    assert divides(statements({"raw_code": "select {{ safe_ratio('spend', 'leads') }} as cpl"}))
    assert not divides(statements({"raw_code": "select '/a' as page -- a / b\nfrom t // 1800"}))


def test_no_model_divides_but_the_listed_ones(layer: Any) -> None:
    folders = ("staging", "intermediate", "marts", "utilities")
    dividing = {node["name"] for node in models_of(layer, *folders) if divides(statements(node))}
    assert dividing - set(DIVIDING_MODELS) == set(), "a rate belongs into metrics/"
    assert set(DIVIDING_MODELS) - dividing == set(), "the list names a model that divides no more"


def test_no_macro_divides_but_the_listed_ones(layer: Any) -> None:
    dividing = {
        macro["name"]
        for macro in layer.manifest["macros"].values()
        if macro["package_name"] == "trunkline"
        and divides(statements({"raw_code": macro["macro_sql"]}))
    }
    assert dividing == set(DIVIDING_MACROS)


def test_no_mart_has_a_column_named_like_a_rate(layer: Any, metrics: Metrics) -> None:
    rates = {name for name, metric in metrics.items() if metric["type"] != "simple"} - {"dau"}
    for node in models_of(layer, "staging", "intermediate", "marts"):
        columns = {column.lower() for column in node["columns"]}
        assert not columns & rates, f"{node['name']} holds {columns & rates}"


def test_reports_read_exports_and_seeds_only(layer: Any) -> None:
    """Whoever needs a metric's value downstream reads it from an export."""
    nodes = layer.manifest["nodes"]
    reports = [
        node
        for node in nodes.values()
        if node["resource_type"] == "model" and node["path"].startswith("reports/")
    ]
    assert reports, "no report is left to look at"
    for node in reports:
        for parent in node["depends_on"]["nodes"]:
            path = nodes[parent]["path"]
            if node["path"].startswith("reports/exports/"):
                allowed = path.startswith(("marts/", "utilities/"))
            else:
                allowed = path.startswith(("reports/", "reference/"))
            assert allowed, f"{node['name']} reads {parent}"


def test_every_saved_query_has_its_table(layer: Any) -> None:
    exports = {
        node["name"]
        for node in layer.manifest["nodes"].values()
        if node["resource_type"] == "model" and node["path"].startswith("reports/exports/")
    }
    assert exports == {f"rpt_{name}" for name in layer.saved_queries}


def test_no_export_writes_a_formula_of_its_own(layer: Any) -> None:
    """An export names its saved query; MetricFlow writes the SQL."""
    for node in layer.manifest["nodes"].values():
        if node["resource_type"] == "model" and node["path"].startswith("reports/exports/"):
            assert node["language"] == "python", node["name"]
            code = node["raw_code"].lower()
            assert not re.search(r"\bselect\b|\bsum\(|\bcount\(", code), node["name"]
