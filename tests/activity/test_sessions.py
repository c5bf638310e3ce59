"""Sessions put together from buckets equal those of a naive sessioniser, for any timeout.

Independent sides: the compiled SQL from events to sessions, and a sort of the events in Python.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.support import run_dbt

TIMEOUTS = (7, 30)
STREAMS = 400
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Event:
    """One row of int_events_deduplicated, as far as sessions read it."""

    device_id: str | None
    user_id: str | None
    event_id: str
    source: str | None
    medium: str | None
    campaign: str
    platform: str | None
    country: str | None
    traffic_type: str
    event_date: date
    occurred_at: datetime

    @property
    def is_shared(self) -> bool:
        """Whether several users log in on the device."""
        return str(self.device_id).endswith("s")

    @property
    def order(self) -> tuple[object, ...]:
        """Time; then who and where, then an event that names its source before the others."""
        return (
            self.occurred_at,
            self.device_id or "",
            self.user_id or "",
            self.platform or "",
            self.country or "",
            (self.source, self.medium, self.campaign) == (None, None, "(none)"),
            (self.source is None, self.source or ""),
            (self.medium is None, self.medium or ""),
            self.campaign,
        )


def random_events(timeout: timedelta, seed: int) -> list[Event]:
    """Streams whose gaps are the timeout, a microsecond around it, nothing, or anything."""
    rng = random.Random(seed)
    gaps = (
        lambda: timedelta(0),
        lambda: MICROSECOND,
        lambda: timeout - MICROSECOND,
        lambda: timeout,
        lambda: timeout + MICROSECOND,
        lambda: 2 * timeout,
        lambda: timeout * rng.random(),
        lambda: timeout * rng.random() * 3,
    )
    numbers = list(range(STREAMS * 60))
    rng.shuffle(numbers)
    events = []
    for stream in range(STREAMS):
        device, user = [
            (f"d{stream}", None),  # an own device
            (f"d{stream // 10}s", f"U{stream}"),  # one of ten users of a shared device
            (None, f"U{stream}n"),  # no device
        ][stream % 3]
        # streams start on, just before and just after the edges of buckets
        instant = datetime(2026, 3, 1, 15) + timeout * rng.randrange(50)
        instant += rng.choice([timedelta(0), -MICROSECOND, MICROSECOND, timeout * rng.random()])
        for _ in range(rng.randrange(1, 60)):
            owner = user or rng.choice([None, f"U{stream}", f"U{stream}b"])
            source, medium = rng.choice([(None, None), ("google", "cpc"), ("mail", None)])
            events.append(
                Event(
                    device_id=device,
                    user_id=owner,
                    event_id=f"e{numbers.pop():06}",
                    source=source,
                    medium=medium,
                    campaign=rng.choice(["(none)", "spring"]),
                    platform=rng.choice(["web", "ios", None]),
                    country=rng.choice(["CN", None]),
                    traffic_type="human" if rng.random() < 0.9 else "bot",
                    event_date=(instant + timedelta(hours=8)).date(),
                    occurred_at=instant,
                )
            )
            instant += rng.choice(gaps)()
    rng.shuffle(events)
    return events


def key_of(identifier_type: str, identifier_id: str) -> int:
    digest = hashlib.md5(f"{identifier_type}:{identifier_id}".encode()).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def naive_sessions(events: list[Event], timeout: timedelta) -> Iterator[tuple[object, ...]]:
    """Sort each stream and cut it wherever the silence is longer than the timeout."""
    streams: defaultdict[tuple[str | None, str | None], list[Event]] = defaultdict(list)
    for event in events:
        if event.traffic_type == "human":
            user = event.user_id if event.is_shared or event.device_id is None else None
            streams[event.device_id, user].append(event)
    channels = {None: "direct", "google": "paid_search", "mail": "other"}
    for stream in streams.values():
        stream.sort(key=lambda event: event.order)
        sessions = [[stream[0]]]
        for before, event in pairwise(stream):
            if event.occurred_at - before.occurred_at > timeout:
                sessions.append([])
            sessions[-1].append(event)
        for session in sessions:
            first, last = session[0], session[-1]
            yield (
                first.occurred_at,
                last.occurred_at,
                first.event_date,
                len(session),
                channels[first.source],
                first.campaign,
                first.platform,
                key_of("user", last.user_id)
                if last.user_id
                else key_of("device", str(last.device_id)),
            )


MODELS = ("int_event_buckets", "int_event_buckets_identified", "int_sessions")


@pytest.fixture(scope="module", params=TIMEOUTS)
def compiled_models(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, list[str]]:
    """The timeout in minutes, and the models as dbt compiles them with this timeout."""
    folder: Path = tmp_path_factory.mktemp("sessions")
    finished = run_dbt(
        "compile", "--select", *MODELS, "--no-populate-cache",
        folder=folder, variables=f"{{session_timeout_minutes: {request.param}}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    compiled = folder / "target" / "compiled"
    texts = [next(compiled.rglob(f"{name}.sql")).read_text(encoding="utf-8") for name in MODELS]
    return request.param, texts


def sessions_of(events: list[Event], texts: list[str]) -> list[tuple[object, ...]]:
    shared = sorted({str(event.device_id) for event in events if event.is_shared})
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as trunkline")
        connection.execute("create schema trunkline.intermediate")
        connection.execute("create schema trunkline.reference")
        for table, rows in {
            "reference.channel_map": (
                "select '*' as source, 'cpc' as medium, 'paid_search' as channel"
            ),
            "reference.tracking_plan": "select 'app_open' as event_name, true as is_activity",
            "intermediate.int_shared_devices": "select unnest($shared) as device_key",
            "intermediate.int_shared_device_logins": (
                "select 1::bigint as device_key, 1::bigint as user_key, now()::timestamp"
                " as logged_in_until where false"
            ),
        }.items():
            needs = {"shared": [key_of("device", device) for device in shared]}
            connection.execute(
                f"create table trunkline.{table} as {rows}", needs if "$" in rows else None
            )
        connection.execute(
            "create table trunkline.intermediate.int_events_deduplicated (device_id varchar,"
            " user_id varchar, event_id varchar, event_name varchar, feature varchar,"
            " source varchar, medium varchar, campaign varchar, platform varchar, country varchar,"
            " traffic_type varchar, event_date date, occurred_at timestamp)"
        )
        rows = pa.Table.from_pylist([asdict(event) for event in events])
        connection.register("rows", rows)
        connection.execute(
            "insert into trunkline.intermediate.int_events_deduplicated by name from rows"
        )
        connection.execute(
            "create table trunkline.intermediate.int_event_dates as"
            " select distinct event_date, 1 as fingerprint"
            " from trunkline.intermediate.int_events_deduplicated"
        )
        for name, text in zip(MODELS, texts, strict=True):
            connection.execute(f"create table trunkline.intermediate.{name} as {text}")
        return connection.execute(
            "select session_started_at, session_ended_at, session_date, events, channel, campaign,"
            " platform, identifier_key from trunkline.intermediate.int_sessions"
        ).fetchall()


@pytest.mark.parametrize("seed", [1, 2])
def test_sessions_equal_those_of_a_naive_sessioniser(
    compiled_models: tuple[int, list[str]], seed: int
) -> None:
    minutes, texts = compiled_models
    timeout = timedelta(minutes=minutes)
    events = random_events(timeout, seed)
    expected = sorted(naive_sessions(events, timeout), key=str)
    assert len(expected) > STREAMS
    assert sorted(sessions_of(events, texts), key=str) == expected


def test_a_timeout_that_is_no_time_is_refused_with_its_value(tmp_path: Path) -> None:
    finished = run_dbt(
        "compile", "--select", "int_sessions", "--no-populate-cache",
        folder=tmp_path, variables="{session_timeout_minutes: 0}",
    )  # fmt: skip
    assert finished.returncode != 0
    assert "session_timeout_minutes is '0'" in finished.stdout
