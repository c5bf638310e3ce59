"""The manifest and the file list that the repository's rules are checked on."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pathspec
import pytest

ROOT = Path(__file__).resolve().parents[2]


def _files_by_git() -> list[Path] | None:
    """Return the tracked and not ignored files, or None outside a git work tree."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def _files_by_walk() -> list[Path]:
    """Return the files that .gitignore lets through."""
    ignored = pathspec.PathSpec.from_lines(
        "gitwildmatch", [".git/", *(ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    )
    files: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            if not ignored.match_file(f"{(here / name).relative_to(ROOT)}/")
        ]
        files.extend(
            here / name
            for name in names
            if not ignored.match_file(str((here / name).relative_to(ROOT)))
        )
    return files


@pytest.fixture(scope="session")
def repository_files() -> list[Path]:
    """Every file that belongs to the project."""
    files = _files_by_git()
    return sorted(path for path in (_files_by_walk() if files is None else files) if path.is_file())


@pytest.fixture(scope="session")
def manifest(built_database: Any) -> dict[str, Any]:
    """The manifest of the build under test."""
    text = (built_database.target / "manifest.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.fixture(scope="session")
def own_nodes(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """This project's models, seeds and data tests by unique id."""
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["package_name"] == "trunkline"
    }


@pytest.fixture(scope="session")
def models(own_nodes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """This project's models by unique id."""
    return {
        unique_id: node for unique_id, node in own_nodes.items() if node["resource_type"] == "model"
    }
