"""Activity, retention, growth accounting and sessions (docs/semantics.md, sections 6 and 7)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .identity import Identity, event_order, is_human
from .raw import (
    DAY,
    FAR_FUTURE,
    ChannelMap,
    RawData,
    RawRow,
    Row,
    Text,
    campaign_of,
    parse_boolean,
    trimmed,
)


@dataclass(frozen=True)
class Plan:
    """tracking_plan.csv."""

    activity: frozenset[str]
    required: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, rows: Iterable[RawRow]) -> Plan:
        rows = list(rows)
        return cls(
            frozenset(
                row["event_name"] or "" for row in rows if parse_boolean(row["is_activity"] or "")
            ),
            {
                row["event_name"] or "": tuple(
                    name.strip()
                    for name in (row["required_properties"] or "").split(";")
                    if name.strip()
                )
                for row in rows
            },
        )


@dataclass(frozen=True)
class Touch:
    """One session."""

    person: int | None
    channel: str
    campaign: str
    touched_at: datetime
    touch_id: int
    events: int

    @property
    def order(self) -> tuple[datetime, int]:
        return (self.touched_at, self.touch_id)


def days_between(first: date | None, last: date | None) -> list[date]:
    """All days from first to last."""
    if first is None or last is None:
        return []
    return [first + DAY * number for number in range((last - first).days + 1)]


def active_days(data: RawData, identity: Identity, plan: Plan) -> dict[int, set[date]]:
    """The days on which each human person was active."""
    active: defaultdict[int, set[date]] = defaultdict(set)
    for event in data.current["cdp__events"]:
        if event["event_name"] not in plan.activity or not is_human(event):
            continue
        person = identity.person(identity.event_owner[event["event_key"]])
        if person is not None and identity.persons[person].is_human:
            active[person].add(data.settings.day_of(event["occurred_at"]))
    return dict(active)


def trailing(active: dict[int, set[date]], spine: list[date], window: int) -> dict[date, set[int]]:
    """For every day the persons active on it or on the window - 1 days before it."""
    found: dict[date, set[int]] = {day: set() for day in spine}
    for person, days in active.items():
        for day in days:
            for lag in range(window):
                reached = found.get(day + DAY * lag)
                if reached is not None:
                    reached.add(person)
    return found


@dataclass(frozen=True)
class Growth:
    """Persons by what they did to the active set of a day."""

    new: frozenset[int]
    retained: frozenset[int]
    resurrected: frozenset[int]
    churned: frozenset[int]


def growth(active: dict[int, set[date]], spine: list[date], churn_days: int) -> dict[date, Growth]:
    """Growth accounting for every day of the spine."""
    sets = trailing(active, spine, churn_days)
    on_day: defaultdict[date, set[int]] = defaultdict(set)
    first: dict[int, date] = {}
    for person, days in active.items():
        first[person] = min(days)
        for day in days:
            on_day[day].add(person)
    found = {}
    for day in spine:
        now, before = sets[day], sets.get(day - DAY, set())
        found[day] = Growth(
            new=frozenset(person for person in on_day[day] if first[person] == day),
            retained=frozenset(now & before),
            resurrected=frozenset(
                person for person in on_day[day] if person not in before and first[person] < day
            ),
            churned=frozenset(before - now),
        )
    return found


def sessions(data: RawData, identity: Identity, channels: ChannelMap) -> list[Touch]:
    """Sessions of human traffic; each is a touch."""
    streams: defaultdict[tuple[Text, Text], list[Row]] = defaultdict(list)
    for event in data.current["cdp__events"]:
        if not is_human(event):
            continue
        device = event["device_id"]
        kind, owner = identity.event_owner[event["event_key"]]
        user = owner if kind == "user" else None
        if device is None:
            streams[(None, user)].append(event)
        elif device in identity.shared_devices:
            streams[(device, user)].append(event)
        else:
            streams[(device, None)].append(event)

    gap = timedelta(minutes=data.settings.session_timeout_minutes)
    touches = []
    for stream, events in streams.items():
        events.sort(key=event_order)
        session: list[Row] = []
        for event in events:
            if session and event["occurred_at"] - session[-1]["occurred_at"] > gap:
                touches.append(_touch(stream, session, identity, channels))
                session = []
            session.append(event)
        touches.append(_touch(stream, session, identity, channels))
    return touches


def key_of(identifier_type: str, identifier_id: str) -> int:
    """The key of an identifier: 63 bits of the md5 of its type and id."""
    digest = hashlib.md5(f"{identifier_type}:{identifier_id}".encode()).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def touch_id_of(device: Text, user: Text, start: datetime) -> int:
    """The id of a session: the keys of whose it is, and its start in microseconds since 1970."""
    key = (key_of("device", device) if device else 0) ^ (key_of("user", user) if user else 0)
    return key ^ ((start - datetime(1970, 1, 1, tzinfo=start.tzinfo)) // timedelta(microseconds=1))


def _touch(
    stream: tuple[Text, Text], session: list[Row], identity: Identity, channels: ChannelMap
) -> Touch:
    first, last = session[0], session[-1]
    return Touch(
        person=identity.person(identity.event_owner[last["event_key"]]),
        channel=channels.channel(first["source"], first["medium"], "direct"),
        campaign=campaign_of(first["campaign"]),
        touched_at=first["occurred_at"],
        touch_id=touch_id_of(*stream, first["occurred_at"]),
        events=len(session),
    )


@dataclass(frozen=True)
class ReceivedEvent:
    """One event received, copies left out, and whether it is sound."""

    day: date
    event_name: Text
    platform: Text
    is_valid: bool


def received_events(data: RawData, plan: Plan) -> list[ReceivedEvent]:
    """Events received by day; a broken event is received, too, and once however often it came."""
    found = []
    for event in data.current["cdp__events"]:
        required = plan.required.get(event["event_name"])
        found.append(
            ReceivedEvent(
                data.settings.day_of(event["occurred_at"]),
                event["event_name"],
                event["platform"],
                required is not None and all(event[name] is not None for name in required),
            )
        )
    broken: defaultdict[object, list[tuple[datetime, datetime, str, Row]]] = defaultdict(list)
    for row in data.quarantined:
        values = row.values
        if row.table != "cdp__events":
            continue
        instant = values["occurred_at"]
        if instant is None or "future_timestamp" in row.rules:
            instant = values["loaded_at"]
        if instant is None:
            continue
        text = repr(sorted((name, trimmed(value)) for name, value in row.raw.items()))
        copies_of = values["event_id"] or ("no id", text)
        broken[copies_of].append((instant, values["loaded_at"] or FAR_FUTURE, text, values))
    for copies in broken.values():
        instant, _, _, values = min(copies, key=lambda copy: copy[:3])
        day = data.settings.day_of(instant)
        if data.first_day is None or data.as_of is None:
            continue
        if data.first_day <= day <= data.as_of:
            found.append(ReceivedEvent(day, values["event_name"], values["platform"], False))
    return found
