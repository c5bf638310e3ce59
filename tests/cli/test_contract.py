"""The page on the raw contract is what the YAML says."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from trunkline.contract_docs import metric_needs, render_raw_contract
from trunkline.dictionary import load_manifest

from .conftest import PROJECT, Build, Run


@pytest.fixture(scope="module")
def manifest(built_database: Build) -> dict[str, Any]:
    return load_manifest(built_database.target / "manifest.json")


def test_the_committed_page_is_up_to_date(run: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "raw_contract.md"
    assert run("contract", "docs", "--out", str(fresh)).exit_code == 0
    committed = (PROJECT / "docs" / "raw_contract.md").read_text(encoding="utf-8")
    assert committed == fresh.read_text(encoding="utf-8"), "run `trunkline contract docs`"


def test_every_column_of_the_yaml_stands_on_the_page(manifest: dict[str, Any]) -> None:
    page = render_raw_contract(manifest)
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


def test_metrics_need_the_tables_that_they_are_made_of(manifest: dict[str, Any]) -> None:
    needs = metric_needs(manifest)
    assert set(needs) == {metric["name"] for metric in manifest["metrics"].values()}
    assert all(need.own for need in needs.values())
    assert "erp__orders" in needs["gmv"].own
    assert "ads__daily_spend" not in needs["gmv"].own
    assert {"ads__daily_spend", "crm__leads"} <= needs["cpl"].own
    assert "cdp__events" in needs["dau"].own
    assert "erp__orders" not in needs["dau"].own
