"""Artefacts are found under the target path, the database from the working directory."""

from pathlib import Path

import pytest

from trunkline.errors import NotBuiltError, TrunklineError
from trunkline.paths import resolve_paths

PROFILE = """
company:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('COMPANY_DATABASE', 'company.duckdb') }}"}
    cloud: {type: postgres, host: example.com}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: company\nprofile: company\n")
    (folder / "profiles.yml").write_text(PROFILE)
    return folder


def test_database_is_relative_to_the_working_directory_and_target_to_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "models")
    paths = resolve_paths()
    assert paths.project == project
    assert paths.target == project / "target"
    assert paths.database == project / "models" / "company.duckdb"


def test_the_profile_reads_its_environment_variable(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("COMPANY_DATABASE", str(tmp_path / "other.duckdb"))
    assert resolve_paths().database == tmp_path / "other.duckdb"


@pytest.mark.parametrize("name", ["DBT_TARGET_PATH", "DBT_ENGINE_TARGET_PATH"])
def test_the_target_path_of_the_environment_is_relative_to_the_project(
    name: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(project))
    monkeypatch.setenv(name, "out")
    assert resolve_paths().target == project / "out"


def test_an_argument_goes_before_the_environment(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", "out")
    paths = resolve_paths(project, tmp_path / "mine", tmp_path / "mine.duckdb")
    assert paths.target == tmp_path / "mine"
    assert paths.database == tmp_path / "mine.duckdb"


def test_no_project_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotBuiltError, match=r"no dbt_project.yml"):
        resolve_paths()


def test_a_target_that_is_not_duckdb_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET", "cloud")
    with pytest.raises(TrunklineError, match=r"'cloud' of 'company' .* not a DuckDB one"):
        resolve_paths(project)
