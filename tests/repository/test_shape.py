"""How long, how deep and how wide the models may grow, and how they are written."""

import re
import statistics
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Node = dict[str, Any]

MAX_LINES = 120
MEDIAN_LINES_BELOW = 60
VIEW_CHAIN_BELOW = 5
PARENTS_BELOW = 7
CLOCK = re.compile(
    r"\b(current_date|current_timestamp|current_time|localtimestamp|getdate)\b|\b(now|today)\s*\(",
    re.IGNORECASE,
)
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
SQL_COMMENT = re.compile(r"--.*")


def lines_of(model: Node) -> int:
    return len((ROOT / model["original_file_path"]).read_text(encoding="utf-8").splitlines())


def sql_models(models: dict[str, Node]) -> list[Node]:
    """Return the SQL models above the raw layer, whose models are one macro call each."""
    return [
        model
        for model in models.values()
        if model["language"] == "sql" and not model["name"].startswith("raw_")
    ]


def test_no_model_is_longer_than_its_limit(models: dict[str, Node]) -> None:
    too_long = {
        model["name"]: lines_of(model) for model in models.values() if lines_of(model) > MAX_LINES
    }
    assert too_long == {}


def test_the_median_model_fits_on_a_screen(models: dict[str, Node]) -> None:
    assert statistics.median(map(lines_of, sql_models(models))) < MEDIAN_LINES_BELOW


def test_chains_of_views_stay_short(models: dict[str, Node]) -> None:
    @cache
    def chain(unique_id: str) -> tuple[str, ...]:
        model = models.get(unique_id)
        if model is None or model["config"]["materialized"] != "view":
            return ()
        longest = max(
            (chain(parent) for parent in model["depends_on"]["nodes"]), key=len, default=()
        )
        return (*longest, model["name"])

    too_deep = [
        chain(unique_id) for unique_id in models if len(chain(unique_id)) >= VIEW_CHAIN_BELOW
    ]
    assert too_deep == []


def test_no_model_has_too_many_parents(models: dict[str, Node]) -> None:
    """A log of rows stacks its system's tables and an export waits for its metrics' marts."""
    too_wide = {
        model["name"]: len(set(model["depends_on"]["nodes"]))
        for model in models.values()
        if len(set(model["depends_on"]["nodes"])) >= PARENTS_BELOW
        and not model["name"].endswith(
            ("__quarantined_rows", "__quarantined_events", "__restated_rows")
        )
        and not model["original_file_path"].startswith("models/reports/exports/")
    }
    assert too_wide == {}


def test_every_sql_model_ends_with_a_select_of_its_last_step(models: dict[str, Node]) -> None:
    offences = {
        model["name"]: last
        for model in sql_models(models)
        if not re.fullmatch(
            r"select \* from [a-z_]{2,}", last := model["raw_code"].rstrip().splitlines()[-1]
        )
    }
    assert offences == {}


def test_no_sql_reads_the_clock(repository_files: list[Path]) -> None:
    offences: list[str] = []
    for path in repository_files:
        if path.suffix != ".sql":
            continue
        text = JINJA_COMMENT.sub("", path.read_text(encoding="utf-8"))
        offences.extend(
            f"{path.relative_to(ROOT)}: {line.strip()}"
            for line in text.splitlines()
            if CLOCK.search(SQL_COMMENT.sub("", line))
        )
    assert offences == []


def test_the_metrics_folder_holds_no_sql(repository_files: list[Path]) -> None:
    offences = [
        str(path.relative_to(ROOT))
        for path in repository_files
        if path.is_relative_to(ROOT / "metrics") and path.suffix not in {".yml", ".md"}
    ]
    assert offences == []


def test_every_raw_seed_has_exactly_the_columns_of_its_contract(
    models: dict[str, Node], own_nodes: dict[str, Node]
) -> None:
    offences = {}
    for model in models.values():
        if not model["name"].startswith("raw_"):
            continue
        seed = own_nodes[f"seed.trunkline.{model['name'].removeprefix('raw_')}"]
        with (ROOT / seed["original_file_path"]).open(encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        expected = list(model["columns"])
        if header != expected or list(seed["columns"]) != expected:
            offences[model["name"]] = header
    assert offences == {}
