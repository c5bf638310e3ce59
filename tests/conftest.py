"""Fixtures that every suite shares: one dbt build of the demo company, and outside data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest
from trunkline.mapping import run_mapping

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


def run_dbt(
    *arguments: str, folder: Path, variables: str = "{}", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run dbt on paths of its own, never on the user's database."""
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
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ
        | {
            "TRUNKLINE_DATABASE": str(folder / "trunkline.duckdb"),
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--reuse-build",
        action="store_true",
        help="take the demo build that the last run left instead of building again",
    )


@pytest.fixture(scope="session")
def built_database(request: pytest.FixtureRequest) -> DbtBuild:
    """The demo company, built with all data and unit tests; a failing one fails every user."""
    folder = BUILD / "demo"
    build = DbtBuild(folder / "trunkline.duckdb", folder / "target")
    if request.config.getoption("--reuse-build") and build.database.exists():
        return build
    build.database.unlink(missing_ok=True)
    finished = run_dbt("build", "--no-partial-parse", folder=folder)
    if finished.returncode != 0:
        pytest.fail(f"dbt build failed:\n{finished.stdout[-6000:]}{finished.stderr[-2000:]}")
    return build


@pytest.fixture(scope="session")
def external_data() -> Path:
    """The folder of real data sets that are not part of the project."""
    folder = Path(os.environ.get("TRUNKLINE_EXTERNAL_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"external data: {folder} is absent; set TRUNKLINE_EXTERNAL_DATA")
    return folder


def build_example(name: str, data: Path, folder: Path, variables: str) -> DbtBuild:
    """Map an example's real data to the raw contract and build the project on them."""
    raw = folder / "raw"
    shutil.rmtree(folder, ignore_errors=True)
    run_mapping(PROJECT / "examples" / name / "mapping.sql", data, raw)
    finished = run_dbt(
        "build",
        folder=folder,
        variables=f"{{raw_source: files, raw_path: '{raw}', {variables}}}",
    )
    if finished.returncode != 0:
        pytest.fail(f"dbt build of {name} failed:\n{finished.stdout[-6000:]}")
    return DbtBuild(folder / "trunkline.duckdb", folder / "target")


def query_metrics(
    build: DbtBuild, metrics: list[str], group_by: list[str]
) -> list[tuple[Any, ...]]:
    """Answer metrics as a user's query would, ordered by what they are cut by."""
    return query(
        metrics,
        group_by=group_by,
        order_by=group_by,
        database=build.database,
        target=build.target,
    ).rows


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def forbid_skip(report: Report) -> Report:
    """With skips forbidden, a skip is a failure, unless data from outside are missing."""
    if report.skipped and os.environ.get("TRUNKLINE_FORBID_SKIPS"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith("external data"):
            report.outcome = "failed"
            report.longrepr = f"skips are forbidden here, and this was skipped: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return forbid_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return forbid_skip((yield))
