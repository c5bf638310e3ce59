"""Every engine answers every workload alike, and as plain Python does."""

import json
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.measure import in_own_process
from benchmarks.workloads import TABLES, WORKLOADS
from benchmarks.workloads.answers import Rows, agree
from benchmarks.workloads.engines import PACKAGES
from benchmarks.workloads.spine import export, mart_agrees

STEPS = ("view_landing", "view_detail", "add_to_cart", "checkout_start", "purchase")
DAY, TIMEOUT, WINDOW = 86_400_000_000, 1_800_000_000, 7 * 86_400_000_000

Files = dict[str, str]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Forty days of thirty devices and persons, with instants that many of them share."""
    folder = tmp_path_factory.mktemp("workloads")
    dice = np.random.default_rng(11)

    def keys(rows: int, among: int) -> np.ndarray:
        return dice.integers(1, among + 1, rows)

    def instants(rows: int) -> np.ndarray:
        # on a grid of five minutes, so that gaps of exactly 30 minutes and ties are common
        minutes = dice.integers(0, 40 * 288, rows) * 5
        return np.datetime64("2026-01-01", "us") + minutes.astype("timedelta64[m]")

    def days(rows: int) -> np.ndarray:
        return instants(rows).astype("datetime64[D]")

    weights = np.array([4, 8, 3, 2, 2, 1]) / 20
    devices = np.array([f"d{key}" if key <= 30 else None for key in keys(6_000, 31)])
    person_days = np.unique(keys(500, 30) * 100_000 + days(500).astype(int))
    identifier_days = np.unique(keys(500, 40) * 100_000 + days(500).astype(int))
    tables = {
        "events": {
            "device_id": devices,
            "event_name": dice.choice([*STEPS, "heartbeat"], 6_000, p=weights),
            "occurred_at": pa.array(instants(6_000), mask=dice.random(6_000) < 0.01),
        },
        "identifier_days": {
            "identifier_key": identifier_days // 100_000,
            "activity_date": (identifier_days % 100_000).astype("datetime64[D]"),
            "events": keys(len(identifier_days), 9),
        },
        "identities": {"identifier_key": np.arange(1, 36), "person_id": keys(35, 20)},
        "person_days": {
            "person_id": person_days // 100_000,
            "activity_date": (person_days % 100_000).astype("datetime64[D]"),
        },
        "cohorts": {"person_id": np.arange(1, 26), "cohort_date": days(25)},
        "touches": {
            "touch_id": dice.permutation(400) + 1,
            "person_id": keys(400, 30),
            "channel": dice.choice(["direct", "email", "referral"], 400),
            "touched_at": instants(400),
        },
        "conversions": {
            "conversion_key": dice.permutation(120) + 1,
            "conversion_type": dice.choice(["mql", "order"], 120),
            "person_id": pa.array(keys(120, 45), mask=dice.random(120) < 0.1),
            "converted_at": instants(120),
        },
        "edges": {"left_key": keys(60, 90), "right_key": keys(60, 90)},
    }
    tables["touches"]["is_direct"] = tables["touches"]["channel"] == "direct"
    written = {}
    for name, columns in tables.items():
        path = folder / TABLES[name].glob.replace("**/*", "loaded_date=2026-02-10/part-0")
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), path)
        written[name] = str(folder / TABLES[name].glob)
    return written


def answer(engine: str, workload: str, files: Files) -> Rows:
    """What an engine answers, in a process of its own."""
    paths = json.dumps(files)
    return in_own_process("benchmarks.workloads", engine, workload, "--files", paths)["rows"]


@pytest.mark.parametrize("engine", [engine for engine in PACKAGES if engine != "duckdb"])
@pytest.mark.parametrize("workload", [name for name in WORKLOADS if name != "floor"])
def test_engines_agree(workload: str, engine: str, files: Files) -> None:
    if find_spec(PACKAGES[engine]) is None:
        pytest.skip(f"{PACKAGES[engine]} is not installed; pip install .[bench]")
    assert agree(answer(engine, workload, files), answer("duckdb", workload, files))


def test_sessions_are_those_of_plain_python(files: Files) -> None:
    sessions, events = defaultdict(int), defaultdict(int)
    for history in _histories(files).values():
        previous = None
        for instant, _ in history:
            if previous is None or instant - previous > TIMEOUT:
                day = instant // DAY
                sessions[day] += 1
            events[day] += 1
            previous = instant
    expected = [[day, sessions[day], events[day]] for day in sorted(sessions)]
    assert answer("duckdb", "sessions", files) == expected


def test_the_funnel_is_that_of_plain_python(files: Files) -> None:
    reached = defaultdict(int)
    for history in _histories(files).values():
        best = max((_chain(history, instant) for instant, step in history if step == 0), default=0)
        for step in range(1, best + 1):
            reached[step] += 1
    expected = [[step, reached[step]] for step in sorted(reached)]
    assert len(expected) > 1
    assert answer("duckdb", "funnel", files) == expected


@pytest.mark.parametrize(
    "workload", ["person_days", "actives", "retention", "attribution", "identity"]
)
def test_the_projects_own_marts_agree(workload: str, built_database, tmp_path: Path) -> None:
    export(built_database.database, tmp_path)
    files = {name: str(tmp_path / table.glob) for name, table in TABLES.items()}
    assert mart_agrees(built_database.database, workload, answer("duckdb", workload, files))


def _chain(history: list[tuple[int, int]], began: int) -> int:
    """Steps that a chain reaches which takes the first eligible event of each."""
    at, step = began, 1
    while step < len(STEPS):
        later = [
            instant for instant, name in history if name == step and at <= instant <= began + WINDOW
        ]
        if not later:
            break
        at, step = min(later), step + 1
    return step


def _histories(files: Files) -> dict[str, list[tuple[int, int]]]:
    """Per device its valid events in order: instant and number of the step."""
    histories = defaultdict(list)
    rows = duckdb.sql(
        f"select device_id, epoch_us(occurred_at), event_name from '{files['events']}'"
    ).fetchall()
    for device, instant, name in rows:
        if device is not None and instant is not None:
            step = STEPS.index(name) if name in STEPS else -1
            histories[device].append((instant, step))
    return {device: sorted(history) for device, history in histories.items()}
