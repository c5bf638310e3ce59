"""A project folder in which `mf` finds the finished build, and what `mf` answers in it."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pytest

from trunkline.semantic.answers import connect_read_only

PROJECT = Path(__file__).resolve().parents[2]

Table = tuple[list[str], list[tuple[Any, ...]]]


class Build(Protocol):
    database: Path
    target: Path


@pytest.fixture(scope="session")
def manifest(built_database: Build) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((built_database.target / "manifest.json").read_text())
    return content


@pytest.fixture(scope="session")
def saved_queries(manifest: dict[str, Any]) -> dict[str, Any]:
    return {query["name"]: query for query in manifest["saved_queries"].values()}


@pytest.fixture
def connection(built_database: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_read_only(built_database.database) as opened:
        yield opened


@pytest.fixture(scope="session")
def mf_project(built_database: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`mf` reads target/semantic_manifest.json of its project and locks the database it opens."""
    folder = tmp_path_factory.mktemp("mf")
    (folder / "target").mkdir()
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, folder)
    shutil.copy(built_database.target / "semantic_manifest.json", folder / "target")
    shutil.copy(built_database.database, folder)
    return folder


@pytest.fixture(scope="session")
def mf_environment(built_database: Build, mf_project: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    return kept | {
        "TRUNKLINE_DATABASE": str(mf_project / built_database.database.name),
        "DO_NOT_TRACK": "1",
    }


@pytest.fixture(scope="session")
def mf_answers(
    mf_project: Path, mf_environment: dict[str, str], saved_queries: dict[str, Any]
) -> dict[str, Table]:
    out = mf_project / "answers.pickle"
    program = str(Path(__file__).with_name("mf_answers.py"))
    finished = subprocess.run(
        [sys.executable, program, str(mf_project), str(out), *saved_queries],
        cwd=mf_project,
        env=mf_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    answers: dict[str, Table] = pickle.loads(out.read_bytes())
    return answers
