"""Everything that a reader meets in the documentation site is described, grain first."""

from collections.abc import Iterable
from typing import Any

import duckdb

Node = dict[str, Any]


def without_description(nodes: Iterable[Node]) -> list[str]:
    return [node["name"] for node in nodes if not (node.get("description") or "").strip()]


def own(manifest: dict[str, Any], kind: str) -> list[Node]:
    return [node for node in manifest[kind].values() if node["package_name"] == "trunkline"]


def relations(own_nodes: dict[str, Node]) -> list[Node]:
    return [node for node in own_nodes.values() if node["resource_type"] in {"model", "seed"}]


def test_every_model_and_seed_is_described(own_nodes: dict[str, Node]) -> None:
    assert without_description(relations(own_nodes)) == []


def test_every_model_description_starts_with_its_grain(models: dict[str, Node]) -> None:
    offences = {
        model["name"]: model["description"][:40]
        for model in models.values()
        if not model["description"].startswith(("One row", "Exactly one row"))
    }
    assert offences == {}


def test_every_column_of_a_model_or_seed_is_described(own_nodes: dict[str, Node]) -> None:
    offences = {
        node["name"]: missing
        for node in relations(own_nodes)
        if (missing := without_description(node["columns"].values())) or not node["columns"]
    }
    assert offences == {}


def test_the_descriptions_of_models_are_comments_in_the_database(
    built_database: Any, models: dict[str, Node]
) -> None:
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        comments = {
            tuple(names): comment
            for *names, comment in connection.execute(
                "select schema_name, table_name, column_name, comment from duckdb_columns()"
                " union all select schema_name, table_name, null, comment from duckdb_tables()"
                " union all select schema_name, view_name, null, comment from duckdb_views()"
            ).fetchall()
        }
    offences = []
    for model in models.values():
        described = {None: model["description"]} | {
            name: column["description"] for name, column in model["columns"].items()
        }
        for column, description in described.items():
            name = (model["schema"], model["alias"], column)
            if name in comments and comments[name] != description:
                offences.append(name)
    assert offences == []
    assert len(comments) > len(models)


def test_every_built_column_stands_in_the_yaml(
    built_database: Any, own_nodes: dict[str, Node]
) -> None:
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index)"
            " from duckdb_columns() where not internal group by all"
        ).fetchall()
    built = dict(found)
    offences = {}
    for node in relations(own_nodes):
        columns = built.get(f"{node['schema']}.{node['alias']}")
        if columns is not None and set(columns) != set(node["columns"]):
            offences[node["name"]] = sorted(set(columns) ^ set(node["columns"]))
    assert offences == {}


def test_every_macro_and_each_of_its_arguments_is_described(manifest: dict[str, Any]) -> None:
    macros = own(manifest, "macros")
    offences = {macro["name"]: "macro" for macro in macros if not macro["description"].strip()}
    for macro in macros:
        unclear = [
            argument["name"]
            for argument in macro["arguments"]
            if not (argument["description"].strip() and argument["type"])
        ]
        if unclear:
            offences[macro["name"]] = f"arguments {', '.join(unclear)}"
    assert offences == {}


def test_every_metric_and_what_it_stands_on_is_described(manifest: dict[str, Any]) -> None:
    offences = {
        kind: missing
        for kind in ("metrics", "semantic_models", "saved_queries", "exposures")
        if (missing := without_description(own(manifest, kind)))
    }
    assert offences == {}


def test_every_data_test_is_named_as_a_claim_about_its_model(
    manifest: dict[str, Any], own_nodes: dict[str, Node]
) -> None:
    offences = []
    for node in own_nodes.values():
        if node["resource_type"] != "test":
            continue
        subjects = [parent.rsplit(".", 1)[-1] for parent in node["depends_on"]["nodes"]]
        if node.get("attached_node"):
            subjects = [node["attached_node"].rsplit(".", 1)[-1]]
        if not any(is_claim(node["name"], subject) for subject in subjects):
            offences.append(node["name"])
    assert offences == []


def test_every_unit_test_is_named_as_a_claim_about_its_model(manifest: dict[str, Any]) -> None:
    offences = [
        unit_test["name"]
        for unit_test in own(manifest, "unit_tests")
        if not is_claim(unit_test["name"], unit_test["model"])
    ]
    assert offences == []


def test_every_unit_test_singular_test_and_generic_test_is_described(
    manifest: dict[str, Any], own_nodes: dict[str, Node]
) -> None:
    """A use of a generic test says all in its name; the generic test is a described macro."""
    singular = [
        node
        for node in own_nodes.values()
        if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    generic = [macro for macro in own(manifest, "macros") if macro["name"].startswith("test_")]
    assert without_description([*singular, *generic, *own(manifest, "unit_tests")]) == []


def is_claim(name: str, subject: str) -> bool:
    """Return whether the name reads <subject>__<words that say something>."""
    claim = name.removeprefix(f"{subject}__")
    return claim != name and len(claim.split("_")) > 1
