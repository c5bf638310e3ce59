"""What no file of the project may hold, and what the shell around it promises."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 2_000_000

# Spelled in pieces, so that this file does not break its own rule.
REGISTRY_HOSTS = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("hub", "getdbt", "com"),
    )
)
INDEX_OPTION = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|PIP_INDEX|UV_INDEX")
MACHINE_PATH = re.compile(r"(?<![\w.~$})-])/(" + "home|Users|root|work|opt" + r")/[\w.-]+")


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def lines_that_match(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry(repository_files: list[Path]) -> None:
    hosts = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)), re.IGNORECASE)
    assert lines_that_match(repository_files, hosts) == []


def test_no_file_sets_a_package_index(repository_files: list[Path]) -> None:
    files = [path for path in repository_files if path != Path(__file__).resolve()]
    allowed = re.compile(r"--no-emit-(index-url|find-links)")
    found = [line for line in lines_that_match(files, INDEX_OPTION) if not allowed.search(line)]
    assert found == []


def test_no_file_names_a_path_of_one_machine(repository_files: list[Path]) -> None:
    assert lines_that_match(repository_files, MACHINE_PATH) == []


def test_no_file_is_large(repository_files: list[Path]) -> None:
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in repository_files
        if path.stat().st_size > MAX_BYTES
    }
    assert large == {}


def test_text_files_end_with_one_newline_and_use_no_carriage_return(
    repository_files: list[Path],
) -> None:
    offences = [
        str(path.relative_to(ROOT))
        for path in repository_files
        if text_of(path)
        and (b"\r" in (raw := path.read_bytes()) or raw[-1:] != b"\n" or raw[-2:] == b"\n\n")
    ]
    assert offences == []


def test_property_files_carry_no_version_line(repository_files: list[Path]) -> None:
    offences = [
        str(path.relative_to(ROOT))
        for path in repository_files
        if path.suffix == ".yml"
        and path.relative_to(ROOT).parts[0] in {"models", "metrics", "macros", "seeds", "tests"}
        and re.search(r"^version:", text_of(path), re.MULTILINE)
    ]
    assert offences == []


def test_the_workflow_installs_and_runs_nothing_but_the_projects_own_commands() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = {
        step["run"].strip()
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "run" in step
    }
    assert commands == {".ci/run", "make soak"}


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"^(?:\w+=\S+ )*(make .*)$", script, re.MULTILINE) == [
        "make system-deps",
        "make test",
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make build" in readme
    assert "make test" in readme


def test_make_explains_every_target_that_people_run() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE)
    assert len(targets) > 5
    silent = [name for name in targets if not re.search(rf"^{name}:.* ## \w", text, re.MULTILINE)]
    assert silent == []


def test_every_selector_says_what_it_is_for_and_selects_paths_that_exist() -> None:
    selectors = yaml.safe_load((ROOT / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
    undescribed = [one["name"] for one in selectors if not one.get("description", "").strip()]
    paths = re.findall(
        r"method: path\s+value: ([^\s,}]+)", (ROOT / "selectors.yml").read_text(encoding="utf-8")
    )
    assert undescribed == []
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
