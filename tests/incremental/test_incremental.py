"""Built load by load, and killed on the way, the warehouse ends as if it were built at once.

Independent sides: incremental builds over all raw rows, and one full build over the rows that the
test itself, by the rule of docs/semantics.md, calls in time.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from tests.support import BUILD, dbt_command, run_dbt

from .history import History, differing_tables, random_history


def variables(raw: Path) -> str:
    return f"{{raw_source: files, raw_path: '{raw}'}}"


def build(folder: Path, raw: Path, *selection: str) -> None:
    finished = run_dbt("run", *selection, folder=folder, variables=variables(raw))
    assert finished.returncode == 0, finished.stdout[-4000:]


def kill_a_build(folder: Path, raw: Path, seconds: float, *selection: str) -> None:
    """Start a build and kill it, as the kernel or a power cut would."""
    command, environment = dbt_command("run", *selection, folder=folder, variables=variables(raw))
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    running.send_signal(signal.SIGKILL)
    running.wait()


def end_state(
    folder: Path, history: History, dice: random.Random, kills: int, *selection: str
) -> Path:
    """Build the history load by load, with kills, and once over the rows in time."""
    shutil.rmtree(folder, ignore_errors=True)
    step_by_step, at_once = folder / "step_by_step", folder / "at_once"
    raw = step_by_step / "raw"
    history.deliver(raw, None, history.first_load)
    run_dbt("seed", "--select", "path:seeds/reference", folder=step_by_step)
    build(step_by_step, raw, *selection)
    before = history.first_load
    for day in history.days:
        history.deliver(raw, before, day)
        before = day
        for _ in range(kills):
            kill_a_build(step_by_step, raw, 5 + 12 * dice.random(), *selection)
        build(step_by_step, raw, *selection)
    history.accepted().deliver(at_once / "raw", None, history.days[-1])
    run_dbt("seed", "--select", "path:seeds/reference", folder=at_once)
    build(at_once, at_once / "raw", *selection)
    return folder


def check(folder: Path, schemas: tuple[str, ...]) -> None:
    step_by_step = folder / "step_by_step" / "trunkline.duckdb"
    differences = differing_tables(step_by_step, folder / "at_once" / "trunkline.duckdb", schemas)
    with duckdb.connect(str(step_by_step), read_only=True) as connection:
        late = connection.execute("select count(*) from marts.fct_late_events").fetchall()
    assert late > [(0,)]
    assert set(differences) <= {"marts.fct_late_events"}


@pytest.mark.parametrize(("seed", "loads", "kills"), [(1, 2, 1), (2, 1, 1), (3, 1, 0)])
def test_incremental__loads_and_kills_end_where_one_full_build_does(
    seed: int, loads: int, kills: int, tmp_path: Path
) -> None:
    history = random_history(tmp_path / "demo", seed, loads)
    folder = BUILD / f"incremental_{seed}"
    selection = ("--exclude", "path:models/reports")
    end_state(folder, history, random.Random(seed), kills, *selection)
    check(folder, ("marts",))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 300))
def test_incremental__two_hundred_histories_end_where_one_full_build_does(
    seed: int, tmp_path: Path
) -> None:
    history = random_history(tmp_path / "demo", seed, 3)
    folder = BUILD / "incremental_soak"
    end_state(folder, history, random.Random(seed), 1 if seed < 140 else 0)
    check(folder, ("marts", "reports"))
