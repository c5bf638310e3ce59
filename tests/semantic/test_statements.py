"""A saved query is compiled once per definition, however often the warehouse is built."""

import shutil
from pathlib import Path

import pytest

from tests.support import DbtBuild
from trunkline.paths import SEMANTIC_MANIFEST
from trunkline.semantic import statements
from trunkline.semantic.engine import load_engine
from trunkline.semantic.request import MetricRequest

SAVED_QUERY = "company_yearly"


@pytest.fixture
def target(built_database: DbtBuild, tmp_path: Path) -> Path:
    shutil.copy(built_database.target / SEMANTIC_MANIFEST, tmp_path)
    return tmp_path


@pytest.fixture
def compiled(target: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The target folders for which an engine was asked."""
    asked: list[Path] = []

    def load(folder: Path):
        asked.append(folder)
        return load_engine(folder)

    monkeypatch.setattr(statements, "load_engine", load)
    return asked


def test_the_second_build_reads_what_the_first_compiled(target: Path, compiled) -> None:
    expected = load_engine(target).compile(MetricRequest(saved_query=SAVED_QUERY))
    assert statements.saved_query_sql(target, SAVED_QUERY) == expected
    assert statements.saved_query_sql(target, SAVED_QUERY) == expected
    assert len(compiled) == 1


def test_a_changed_definition_is_compiled_again(target: Path, compiled) -> None:
    before = statements.saved_query_sql(target, SAVED_QUERY)
    manifest = target / SEMANTIC_MANIFEST
    manifest.write_text(manifest.read_text().replace("fct_orders", "fct_orders_renamed"))
    after = statements.saved_query_sql(target, SAVED_QUERY)
    assert after != before
    assert "fct_orders_renamed" in after
    assert len(compiled) == 2


def test_a_file_that_was_cut_off_is_compiled_again(target: Path, compiled) -> None:
    expected = statements.saved_query_sql(target, SAVED_QUERY)
    file = target / statements.FOLDER / f"{SAVED_QUERY}.sql"
    file.write_text(file.read_text()[:-20])
    assert statements.saved_query_sql(target, SAVED_QUERY) == expected
    assert len(compiled) == 2
