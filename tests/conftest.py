"""Fixtures that every suite shares: one dbt build of the demo company, and outside data."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support import BUILD, PROJECT, DbtBuild, run_dbt


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
