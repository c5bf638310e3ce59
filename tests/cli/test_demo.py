"""`trunkline demo` writes the raw tables, the same for the same seed."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PROJECT, Run

SIZE = ("--persons", "200", "--days", "430")


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_it_writes_every_system_and_the_seed_decides(run: Run, tmp_path: Path) -> None:
    written = {}
    for name, seed in (("one", "3"), ("same", "3"), ("other", "4")):
        result = run("demo", *SIZE, "--seed", seed, "--out", str(tmp_path / name), "-f", "csv")
        assert result.exit_code == 0, result.output
        written[name] = contents(tmp_path / name)
    assert {"crm", "cdp", "ads", "erp"} <= {name.split("/")[0] for name in written["one"]}
    assert written["one"] == written["same"]
    assert written["one"]["cdp/events.csv"] != written["other"]["cdp/events.csv"]


def test_it_says_how_to_build_from_the_files(run: Run, tmp_path: Path) -> None:
    result = run("demo", *SIZE, "--out", str(tmp_path))
    assert f"dbt build --vars '{{raw_source: files, raw_path: {tmp_path}}}'" in result.stdout


def test_what_the_generator_refuses_is_a_sentence(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--persons", "1", "--days", "430", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "persons is 1" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("out", ["/proc/nope", str(PROJECT / "README.md")])
def test_a_folder_that_cannot_be_written_is_a_sentence(run: Run, out: str) -> None:
    result = run("demo", "--out", out)
    assert result.exit_code == 2
    assert f"{out} cannot be written: " in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("nowhere", 2), ("--seeds", 2)])
def test_the_seeds_are_written_to_no_folder_but_an_existing_one(
    tmp_path: Path, argument: str, code: int
) -> None:
    command = [sys.executable, "-m", "trunkline.demo", argument]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == code
    assert "usage: python -m trunkline.demo" in result.stdout + result.stderr
    assert list(tmp_path.iterdir()) == []
