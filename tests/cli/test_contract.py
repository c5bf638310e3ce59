"""The page on the raw contract is what the YAML says."""

import re
from typing import Any

import pytest
import yaml

from trunkline.contract_docs import render_raw_contract
from trunkline.dictionary import load_manifest
from trunkline.paths import ProjectPaths
from trunkline.raw_needs import Needs, measure_needs

from .conftest import PROJECT, Build


@pytest.fixture(scope="module")
def manifest(built_database: Build) -> dict[str, Any]:
    return load_manifest(built_database.target / "manifest.json")


@pytest.fixture(scope="module")
def needs(built_database: Build, manifest: dict[str, Any]) -> dict[str, Needs]:
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    return measure_needs(paths, manifest)


def test_the_committed_page_is_up_to_date(
    manifest: dict[str, Any], needs: dict[str, Needs]
) -> None:
    committed = (PROJECT / "docs" / "raw_contract.md").read_text(encoding="utf-8")
    assert committed == render_raw_contract(manifest, needs), "run `trunkline contract docs`"


def test_every_column_of_the_yaml_stands_on_the_page(manifest: dict[str, Any]) -> None:
    page = render_raw_contract(manifest, {})
    sections = dict(
        re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", page, flags=re.DOTALL | re.MULTILINE)
    )
    files = sorted((PROJECT / "models" / "raw").glob("*/_raw_*__models.yml"))
    tables = [table for file in files for table in yaml.safe_load(file.read_text())["models"]]
    assert sorted(sections) == sorted(table["name"].removeprefix("raw_") for table in tables)
    for table in tables:
        lines = sections[table["name"].removeprefix("raw_")].splitlines()
        for column in table["columns"]:
            rules = column["config"]["meta"]
            line = next(line for line in lines if line.startswith(f"| `{column['name']}` |"))
            assert f"| {column['data_type']} |" in line
            assert ("| never |" if rules["required"] else "| allowed |") in line
            assert f"`{rules['example']}`" in line
            assert all(f"`{value}`" in line for value in rules.get("enum", []))


def test_a_table_that_nothing_reads_is_reserved(manifest: dict[str, Any]) -> None:
    sections = render_raw_contract(manifest, {}).split("\n### ")[1:]
    reserved = [section.split("\n")[0] for section in sections if "\nReserved: " in section]
    assert reserved == ["erp__payments"]


def test_metrics_need_the_tables_that_they_are_made_of(
    manifest: dict[str, Any], needs: dict[str, Needs]
) -> None:
    assert set(needs) == {metric["name"] for metric in manifest["metrics"].values()}
    assert all(need.needed or need.refining for need in needs.values())
    assert needs["gmv"].needed == ("erp__orders",)
    assert "erp__currency_rates" in needs["gmv"].refining
    assert set(needs["cpl"].needed) == {"ads__daily_spend", "crm__leads"}
    assert needs["dau"].needed == ("cdp__events",)
    assert "erp__orders" in needs["dau"].refining, "an order with an account makes a business"
    assert "ads__daily_spend" not in needs["dau"].refining
    assert not any("erp__payments" in need.needed + need.refining for need in needs.values())
    assert "cdp__events" in needs["attributed_revenue"].refining
    assert "crm__lead_scores" in needs["mqls"].refining
