"""The command line on a finished build."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import Result
from typer.testing import CliRunner

from trunkline.cli import app
from trunkline.paths import ProjectPaths
from trunkline.semantic.answers import Warehouse

PROJECT = Path(__file__).resolve().parents[2]

Run = Callable[..., Result]


class Build(Protocol):
    database: Path
    target: Path


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the shell says about places and colours."""
    for name in list(os.environ):
        if name.startswith(("DBT_", "TRUNKLINE_DATABASE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def run(built_database: Build) -> Run:
    """Run the command line on the finished build."""
    places = ["--project-dir", str(PROJECT), "--target-path", str(built_database.target)]
    places += ["--database", str(built_database.database)]

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*places, *arguments])

    return command


@pytest.fixture
def warehouse(built_database: Build) -> Iterator[Warehouse]:
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    with Warehouse(paths) as opened:
        yield opened
