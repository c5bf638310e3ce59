"""What several suites need to run dbt and to read what it built."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trunkline.mapping import run_mapping
from trunkline.paths import ProjectPaths
from trunkline.semantic.answers import query

PROJECT = Path(__file__).resolve().parents[1]
BUILD = PROJECT / ".build"


@dataclass(frozen=True)
class DbtBuild:
    """A finished dbt build: its database file and its target folder."""

    database: Path
    target: Path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query over the built database, read-only."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def dbt_command(
    *arguments: str, folder: Path, variables: str = "{}"
) -> tuple[list[str], dict[str, str]]:
    """A dbt command on paths of its own, never on the user's database, and its environment."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("dbt")),
        *arguments,
        "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT),
        "--target-path", str(folder / "target"),
        "--log-path", str(folder / "logs"),
        "--vars", variables,
    ]  # fmt: skip
    own = {
        "TRUNKLINE_DATABASE": str(folder / "trunkline.duckdb"),
        "DO_NOT_TRACK": "1",
        "NO_COLOR": "1",
    }
    return command, os.environ | own


def run_dbt(
    *arguments: str, folder: Path, variables: str = "{}", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run dbt on paths of its own and wait for it."""
    command, own = dbt_command(*arguments, folder=folder, variables=variables)
    return subprocess.run(
        command, cwd=PROJECT, env=own | environment, capture_output=True, text=True, check=False
    )


def build_example(name: str, data: Path, folder: Path) -> DbtBuild:
    """Map an example's real data to the raw contract and build the project on them."""
    raw = folder / "raw"
    shutil.rmtree(folder, ignore_errors=True)
    mapped = run_mapping(PROJECT / "examples" / name / "mapping.sql", data, raw)
    variables = {"raw_source": "files", "raw_path": str(raw), **mapped.variables}
    finished = run_dbt(
        "build",
        folder=folder,
        variables=json.dumps(variables),
    )
    if finished.returncode != 0:
        pytest.fail(f"dbt build of {name} failed:\n{finished.stdout[-6000:]}")
    return DbtBuild(folder / "trunkline.duckdb", folder / "target")


def query_metrics(
    build: DbtBuild, metrics: list[str], group_by: list[str]
) -> tuple[tuple[Any, ...], ...]:
    """Answer metrics as a user's query would, ordered by what they are cut by."""
    paths = ProjectPaths(PROJECT, build.target, build.database)
    return query(metrics, group_by=group_by, order_by=group_by, paths=paths).rows
