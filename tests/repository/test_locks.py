"""The lock files pin everything that pyproject.toml asks for, by hash and without an index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")


def blocks(lock: str) -> list[tuple[Requirement, int]]:
    """Return each pinned requirement with the number of its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(
        r"^(\w[^\n\\]*?) \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M
    )
    return [(Requirement(pin), hashes.count("--hash")) for pin, hashes in found]


def versions(lock: str, python: str) -> dict[str, str]:
    """Return the versions that the lock installs on Linux with this Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin, _ in blocks(lock)
        if pin.marker is None or pin.marker.evaluate(environment)
    }


def wanted(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks of this lock."""
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    if lock == "requirements-dev.lock":
        for extra in PROJECT["project"]["optional-dependencies"].values():
            lines.extend(extra)
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_hashed_pin(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^\S.*$", text, re.MULTILINE)
    assert len(pins) == len(blocks(lock)) > 50
    assert all(re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==", pin) for pin in pins)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_the_project_file(lock: str, python: str) -> None:
    pinned = versions(lock, python)
    unmet = [
        str(requirement)
        for requirement in wanted(lock)
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == []


@pytest.mark.parametrize("python", PYTHONS)
def test_the_development_lock_only_adds_to_the_default_lock(python: str) -> None:
    default, development = (versions(lock, python) for lock in LOCKS)
    assert default.items() <= development.items()


def test_every_duckdb_extension_has_the_version_of_the_engine() -> None:
    pinned = versions("requirements-dev.lock", "3.11")
    engine = pinned["duckdb"]
    extensions = {name: v for name, v in pinned.items() if name.startswith("duckdb-extension-")}
    assert extensions
    assert set(extensions.values()) == {engine}
