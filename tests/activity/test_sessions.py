"""Sessions by buckets equal those of a naive sessioniser, to the microsecond, for any timeout."""

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
    """One row of int_events_identified, as far as sessions read it."""

    device_id: str | None
    session_user_id: str | None
    identifier_type: str
    identifier_id: str
    event_id: str
    source: str | None
    medium: str | None
    campaign: str
    platform: str | None
    is_human: bool
    event_date: date
    occurred_at: datetime


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
                    session_user_id=user,
                    identifier_type="user" if owner else "device",
                    identifier_id=owner or str(device),
                    event_id=f"e{numbers.pop():06}",
                    source=source,
                    medium=medium,
                    campaign=rng.choice(["(none)", "spring"]),
                    platform=rng.choice(["web", "ios", None]),
                    is_human=rng.random() < 0.9,
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
        if event.is_human:
            streams[event.device_id, event.session_user_id].append(event)
    channels = {None: "direct", "google": "paid_search", "mail": "other"}
    for stream in streams.values():
        stream.sort(key=lambda event: (event.occurred_at, event.event_id))
        sessions = [[stream[0]]]
        for before, event in pairwise(stream):
            if event.occurred_at - before.occurred_at > timeout:
                sessions.append([])
            sessions[-1].append(event)
        for session in sessions:
            first, last = session[0], session[-1]
            yield (
                first.event_id,
                first.occurred_at,
                last.occurred_at,
                first.event_date,
                len(session),
                channels[first.source],
                first.campaign,
                first.platform,
                key_of(last.identifier_type, last.identifier_id),
            )


@pytest.fixture(scope="module", params=TIMEOUTS)
def compiled_sessions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, str]:
    """The timeout in minutes, and int_sessions as dbt compiles it with this timeout."""
    folder: Path = tmp_path_factory.mktemp("sessions")
    finished = run_dbt(
        "compile", "--select", "int_sessions", "--no-populate-cache",
        folder=folder, variables=f"{{session_timeout_minutes: {request.param}}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    (compiled,) = (folder / "target" / "compiled").rglob("int_sessions.sql")
    return request.param, compiled.read_text(encoding="utf-8")


def sessions_of(events: list[Event], sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as trunkline")
        connection.execute("create schema trunkline.intermediate")
        connection.execute("create schema trunkline.reference")
        connection.execute(
            "create table trunkline.reference.channel_map as"
            " select '*' as source, 'cpc' as medium, 'paid_search' as channel"
        )
        connection.execute(
            "create table trunkline.intermediate.int_events_identified (device_id varchar,"
            " session_user_id varchar, identifier_type varchar, identifier_id varchar,"
            " event_id varchar, source varchar, medium varchar, campaign varchar,"
            " platform varchar, is_human boolean, event_date date, occurred_at timestamp)"
        )
        rows = pa.Table.from_pylist([asdict(event) for event in events])
        connection.register("rows", rows)
        connection.execute(
            "insert into trunkline.intermediate.int_events_identified by name from rows"
        )
        return connection.execute(
            "select first_event_id, session_started_at, session_ended_at, session_date, events,"
            f" channel, campaign, platform, identifier_key from ({sql})"
        ).fetchall()


@pytest.mark.parametrize("seed", [1, 2])
def test_sessions_equal_those_of_a_naive_sessioniser(
    compiled_sessions: tuple[int, str], seed: int
) -> None:
    minutes, sql = compiled_sessions
    timeout = timedelta(minutes=minutes)
    events = random_events(timeout, seed)
    expected = sorted(naive_sessions(events, timeout), key=str)
    assert len(expected) > STREAMS
    assert sorted(sessions_of(events, sql), key=str) == expected


def test_a_timeout_that_is_no_time_is_refused_with_its_value(tmp_path: Path) -> None:
    finished = run_dbt(
        "compile", "--select", "int_sessions", "--no-populate-cache",
        folder=tmp_path, variables="{session_timeout_minutes: 0}",
    )  # fmt: skip
    assert finished.returncode != 0
    assert "session_timeout_minutes is '0'" in finished.stdout
