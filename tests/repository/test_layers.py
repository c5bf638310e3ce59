"""Who may read whom: the layer table of CONTRIBUTING.md over the manifest."""

from typing import Any

Node = dict[str, Any]

# layer -> the layers that it may read; the order of the keys decides which prefix wins
READS: dict[str, frozenset[str]] = {
    "seeds/raw": frozenset(),
    "seeds/reference": frozenset(),
    "models/raw": frozenset({"seeds/raw"}),
    "models/staging": frozenset({"models/raw"}),
    "models/utilities": frozenset({"models/intermediate"}),
    "models/intermediate": frozenset(
        {"models/staging", "models/intermediate", "models/utilities", "seeds/reference"}
    ),
    "models/marts": frozenset(
        {
            "models/staging",
            "models/intermediate",
            "models/utilities",
            "models/marts",
            "seeds/reference",
        }
    ),
    "models/reports/exports": frozenset({"models/marts", "models/utilities"}),
    "models/reports": frozenset({"models/reports", "models/reports/exports", "seeds/reference"}),
}
PREFIXES = {
    "models/raw": ("raw_",),
    "models/staging": ("stg_",),
    "models/utilities": ("time_spine_",),
    "models/intermediate": ("int_",),
    "models/marts": ("fct_", "dim_"),
    "models/reports/exports": ("rpt_",),
    "models/reports": ("rpt_",),
}


def layer_of(node: Node) -> str:
    """Return the most specific layer whose folder holds the node's file."""
    path = node["original_file_path"]
    layers = [layer for layer in READS if path.startswith(f"{layer}/")]
    assert layers, f"{path} lies in no layer"
    return max(layers, key=len)


def parents_of(node: Node, nodes: dict[str, Node]) -> list[Node]:
    """Return the models and seeds that the node reads."""
    return [nodes[parent] for parent in dict.fromkeys(node["depends_on"]["nodes"])]


def system_of(node: Node) -> str:
    """Return the source system that a raw or staging file belongs to."""
    return str(node["original_file_path"].split("/")[2])


def test_every_model_reads_only_the_layers_below_it(
    models: dict[str, Node], own_nodes: dict[str, Node]
) -> None:
    offences = [
        f"{model['name']} ({layer_of(model)}) reads {parent['name']} ({layer_of(parent)})"
        for model in models.values()
        for parent in parents_of(model, own_nodes)
        if layer_of(parent) not in READS[layer_of(model)]
    ]
    assert offences == []


def test_a_raw_model_reads_its_own_seed_and_nothing_else(
    models: dict[str, Node], own_nodes: dict[str, Node]
) -> None:
    offences = {
        model["name"]: [parent["name"] for parent in parents_of(model, own_nodes)]
        for model in models.values()
        if layer_of(model) == "models/raw"
        and [f"raw_{parent['name']}" for parent in parents_of(model, own_nodes)] != [model["name"]]
    }
    assert offences == {}


def test_a_staging_model_reads_its_own_raw_model_and_a_row_log_those_of_its_system(
    models: dict[str, Node], own_nodes: dict[str, Node]
) -> None:
    offences: dict[str, list[str]] = {}
    for model in models.values():
        if layer_of(model) != "models/staging":
            continue
        parents = parents_of(model, own_nodes)
        names = [parent["name"] for parent in parents]
        if model["name"].endswith(
            ("__quarantined_rows", "__quarantined_events", "__restated_rows")
        ):
            fits = all(system_of(parent) == system_of(model) for parent in parents)
        else:
            fits = names == [model["name"].replace("stg_", "raw_", 1)]
        if not fits:
            offences[model["name"]] = names
    assert offences == {}


def test_the_time_spine_reads_the_reporting_window_alone(
    models: dict[str, Node], own_nodes: dict[str, Node]
) -> None:
    offences = {
        model["name"]: names
        for model in models.values()
        if layer_of(model) == "models/utilities"
        and set(names := [parent["name"] for parent in parents_of(model, own_nodes)])
        - {"int_reporting_window"}
    }
    assert offences == {}


def test_every_model_bears_the_prefix_of_its_layer(models: dict[str, Node]) -> None:
    offences = [
        model["original_file_path"]
        for model in models.values()
        if not model["name"].startswith(PREFIXES[layer_of(model)])
    ]
    assert offences == []


def test_every_model_is_described_in_the_yaml_file_of_its_folder(models: dict[str, Node]) -> None:
    offences = {}
    for model in models.values():
        _, top, *areas, _ = model["original_file_path"].split("/")
        if areas == ["exports"]:
            expected = "_exports__models.yml"
        else:
            short = {"staging": ["stg"], "intermediate": ["int"], "marts": []}
            expected = f"_{'_'.join([*short.get(top, [top]), *areas])}__models.yml"
        found = (model["patch_path"] or "").split("/")[-1]
        if found != expected:
            offences[model["original_file_path"]] = found
    assert offences == {}


def test_semantic_models_stand_on_marts(
    manifest: dict[str, Any], own_nodes: dict[str, Node]
) -> None:
    offences = [
        f"{semantic_model['name']} stands on {parent['name']}"
        for semantic_model in manifest["semantic_models"].values()
        for parent in parents_of(semantic_model, own_nodes)
        if layer_of(parent) != "models/marts"
    ]
    assert offences == []


def test_python_models_stay_in_intermediate_and_exports(models: dict[str, Node]) -> None:
    offences = [
        model["original_file_path"]
        for model in models.values()
        if model["language"] == "python"
        and layer_of(model) not in {"models/intermediate", "models/reports/exports"}
    ]
    assert offences == []


def test_marts_are_public_tables_under_an_enforced_contract(models: dict[str, Node]) -> None:
    offences = [
        model["name"]
        for model in models.values()
        if layer_of(model) == "models/marts"
        and not (
            model["access"] == "public"
            and model["contract"]["enforced"]
            and model["config"]["materialized"] in {"table", "incremental"}
        )
    ]
    assert offences == []


def test_raw_and_staging_are_views(models: dict[str, Node]) -> None:
    offences = [
        model["name"]
        for model in models.values()
        if layer_of(model) in {"models/raw", "models/staging"}
        and model["config"]["materialized"] != "view"
    ]
    assert offences == []


def test_no_dbt_source_exists(manifest: dict[str, Any]) -> None:
    assert list(manifest["sources"]) == []
