"""`trunkline metrics` finds metrics by any word that people use and tells what they are."""

import json

import pytest

from trunkline.semantic.answers import Warehouse

from .conftest import Run


def listed(run: Run, *arguments: str) -> dict[str, dict[str, object]]:
    result = run("metrics", "list", *arguments, "-f", "json")
    assert result.exit_code == 0, result.output
    return {entry["name"]: entry for entry in json.loads(result.stdout)}


def test_the_list_holds_every_metric(run: Run, warehouse: Warehouse) -> None:
    assert sorted(listed(run)) == list(warehouse.engine.metrics)


def test_the_table_names_every_metric_and_counts_them(run: Run, warehouse: Warehouse) -> None:
    result = run("metrics", "list")
    first_words = {line.split()[0] for line in result.stdout.splitlines() if line.strip()}
    assert set(warehouse.engine.metrics) <= first_words
    assert f"{len(warehouse.engine.metrics)} metrics" in result.stderr


def test_departments_part_the_metrics(run: Run) -> None:
    every = listed(run)
    departments = {str(entry["department"]) for entry in every.values()}
    assert {"marketing", "sales", "product"} <= departments
    parts = [name for department in departments for name in listed(run, "--department", department)]
    assert sorted(parts) == sorted(every)


@pytest.mark.parametrize("search", ["ad_spend", "Ad spend", "广告花费", "AD SPEND"])
def test_search_finds_a_metric_by_its_name_and_both_labels(search: str, run: Run) -> None:
    assert "ad_spend" in listed(run, "--search", search)


def test_search_finds_every_alias(run: Run) -> None:
    aliases = {
        str(alias): name
        for name, entry in listed(run).items()
        for alias in entry.get("aliases") or []  # type: ignore[attr-defined]
    }
    assert aliases
    for alias, name in aliases.items():
        assert name in listed(run, "--search", alias), alias


def test_describe_shows_formula_owner_grains_and_pitfall(run: Run) -> None:
    result = run("metrics", "describe", "channel_roi")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "channel_roi = attributed_revenue / ad_spend" in text
    assert "from fct_ad_spend" in text
    assert "owner marketing" in text
    assert "grains day, week, month, quarter, year" in text
    entry = json.loads(run("metrics", "describe", "channel_roi", "-f", "json").stdout)
    assert str(entry["pitfall"])[:30] in text
    assert entry["formula"] == "attributed_revenue / ad_spend"


def test_describe_works_for_every_metric(run: Run, warehouse: Warehouse) -> None:
    for name in warehouse.engine.metrics:
        result = run("metrics", "describe", name)
        assert result.exit_code == 0, name
        assert f"{name} = " in result.stdout, name


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["describe", "gmw"], "There is no metric 'gmw'. Did you mean gmv"),
        (["list", "--department", "markketing"], "Did you mean marketing"),
        (["list", "--search", "gmvv"], "Did you mean gmv"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(
    arguments: list[str], sentence: str, run: Run
) -> None:
    result = run("metrics", *arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())


def test_a_missing_manifest_is_named_with_the_command_that_makes_it(run: Run) -> None:
    result = run("--target-path", "/nowhere", "metrics", "list")
    assert result.exit_code == 1
    assert "/nowhere/manifest.json does not exist. Run `make build`" in " ".join(
        result.stderr.split()
    )
