"""Sessions and identifier days by load, where days hang together: over midnight and over logins.

A few devices that are hardly ever silent, so that sessions last for days, late events that bridge
or open gaps, and devices that come to be shared, or to know their next user, long after.
"""

from __future__ import annotations

import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support import BUILD, run_dbt

START = datetime(2026, 3, 1)
DAYS, LOADS = 12, 4
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MODELS = ("int_sessions", "int_identifier_days")
Event = dict[str, object]


def random_events(dice: random.Random) -> list[Event]:
    """Visits of random length; an event is loaded on its day, or up to two days later."""
    events: list[Event] = []
    for number in range(9):
        device, at = f"d{number}", START + dice.randrange(1440) * MINUTE
        # none for devices that the user alone tells apart, several for those that are shared
        users = dice.choice([[None], [None, "u1"], ["u2"], [None, "u3", "u4"], [None, None, "u5"]])
        user, busy = None, dice.choice([0.9, 0.97, 0.999])
        while at < START + DAYS * DAY:
            if dice.random() < 0.05:
                user = dice.choice(users)
            loaded = (at + dice.choice([0, 0, 0, 1, 2]) * DAY).replace(hour=23, minute=59)
            events.append(
                {
                    "event_id": f"e{len(events)}",
                    "event_name": "view_detail",
                    "device_id": None if user and dice.random() < 0.02 else device,
                    "user_id": user,
                    "platform": dice.choice(["web", "ios"]),
                    "source": dice.choice([None, None, "google"]),
                    "medium": dice.choice([None, "cpc"]),
                    "traffic_type": "bot" if dice.random() < 0.02 else "human",
                    "occurred_at": at,
                    "loaded_at": loaded,
                }
            )
            gap = dice.choice([0, 5, 29, 30]) if dice.random() < busy else dice.randrange(31, 2000)
            at += gap * MINUTE + (dice.random() < 0.02) * timedelta(microseconds=1)
    return events


def deliver(events: list[Event], raw: Path, after: datetime | None, until: datetime) -> None:
    loaded = [
        event
        for event in events
        if event["loaded_at"] < until and (after is None or event["loaded_at"] >= after)
    ]
    file = raw / "cdp" / "events" / f"loaded_until={until.date()}" / "part-0.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(loaded), file)


def build(folder: Path) -> None:
    finished = run_dbt(
        "run", "--select", *(f"+{model}" for model in MODELS),
        folder=folder, variables=f"{{raw_source: files, raw_path: '{folder / 'raw'}'}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout[-4000:]


def rows(folder: Path, model: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "trunkline.duckdb"), read_only=True) as connection:
        return connection.execute(
            f"select * exclude (fingerprint) from intermediate.{model} order by all"
        ).fetchall()


def check(seed: int) -> None:
    dice = random.Random(seed)
    folder = BUILD / f"sessions_by_load_{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    events = random_events(dice)
    ends = [START + (DAYS - LOADS + 1 + load) * DAY for load in range(LOADS)]
    ends[-1] += 3 * DAY
    for place in ("by_load", "at_once"):
        run_dbt("seed", "--select", "path:seeds/reference", folder=folder / place)
    before = None
    for until in ends:
        deliver(events, folder / "by_load" / "raw", before, until)
        build(folder / "by_load")
        before = until
    deliver(events, folder / "at_once" / "raw", None, ends[-1])
    build(folder / "at_once")
    for model in MODELS:
        built = rows(folder / "at_once", model)
        assert built
        assert rows(folder / "by_load", model) == built
    sessions = "select count(*) from intermediate.int_sessions where {}"
    with duckdb.connect(str(folder / "at_once" / "trunkline.duckdb"), read_only=True) as connection:
        for case in ("is_shared_device", "session_ended_at - session_started_at > interval 1 day"):
            assert connection.execute(sessions.format(case)).fetchall() > [(0,)]


def test_sessions__by_load_are_those_of_one_full_build() -> None:
    check(1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 60))
def test_sessions__of_many_histories_by_load_are_those_of_one_full_build(seed: int) -> None:
    check(seed)
