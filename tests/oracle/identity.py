"""Identity (docs/semantics.md, section 3): edges, guards, persons, bindings, attributes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .raw import (
    FAR_FUTURE,
    ChannelMap,
    RawData,
    RawRow,
    Row,
    Settings,
    Text,
    campaign_of,
    cleaned,
    trimmed,
)

Identifier = tuple[str, str]  # (type, id); type email or phone for the hash nodes

IDENTIFIER_TYPES = ("device", "lead", "user")
SEGMENT_PARTS = ("first_channel", "country", "customer_type", "home_platform")
NO_PERSON_SEGMENT = ("unknown", "unknown", "consumer", "unknown")


def half_width(text: str) -> str:
    """Full-width forms to half-width ones."""
    return "".join(
        chr(ord(char) - 0xFEE0)
        if 0xFF01 <= ord(char) <= 0xFF5E
        else " "
        if ord(char) == 0x3000
        else char
        for char in text
    )


def normalised_email(text: Text) -> Text:
    """The address by which people are matched, or None."""
    if text is None:
        return None
    address = "".join(half_width(text).lower().split())
    if "@" not in address:
        return None
    return re.sub(r"\+[^@]*@", "@", address, count=1)


def normalised_phone(text: Text) -> Text:
    """The number by which people are matched, or None."""
    if text is None:
        return None
    digits = "".join(char for char in half_width(text) if char in "0123456789")
    digits = digits.removeprefix("00")
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    return digits if len(digits) >= 7 else None


@dataclass(frozen=True)
class Edge:
    """Two identifiers known to be one person's from a time on."""

    left: Identifier
    right: Identifier
    method: str
    known_at: datetime


@dataclass(frozen=True)
class Removed:
    """An edge that a guard took out."""

    edge: Edge
    reason: str


@dataclass
class Person:
    """One connected component."""

    members: tuple[Identifier, ...]  # oldest first
    first_seen_at: datetime
    first_channel: str = "unknown"
    country: str = "unknown"
    customer_type: str = "consumer"
    home_platform: str = "unknown"
    is_human: bool = True
    registered_at: datetime | None = None

    @property
    def segment(self) -> tuple[str, str, str, str]:
        return (self.first_channel, self.country, self.customer_type, self.home_platform)


@dataclass
class Identity:
    """Who is who."""

    first_seen: dict[Identifier, datetime] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    shared_devices: set[str] = field(default_factory=set)
    persons: list[Person] = field(default_factory=list)
    person_of: dict[Identifier, int] = field(default_factory=dict)
    event_owner: dict[str, Identifier] = field(default_factory=dict)  # by event_key
    bindings: set[tuple[str, str]] = field(default_factory=set)  # (lead, user)
    primary_user: dict[str, str] = field(default_factory=dict)
    primary_lead: dict[str, str] = field(default_factory=dict)

    def person(self, identifier: Identifier | None) -> int | None:
        return None if identifier is None else self.person_of.get(identifier)

    def segment_of(self, person: int | None) -> tuple[str, str, str, str]:
        return NO_PERSON_SEGMENT if person is None else self.persons[person].segment


def event_order(event: Row) -> tuple[Any, ...]:
    """Time; in one instant by who and where, an event that names its source before the others."""
    source, medium = cleaned(event["source"]), cleaned(event["medium"])
    campaign = campaign_of(event["campaign"])
    return (
        event["occurred_at"],
        *(event[name] or "" for name in ("device_id", "user_id", "platform", "country")),
        source is None and medium is None and campaign == "(none)",
        (source is None, source or ""),
        (medium is None, medium or ""),
        campaign,
    )


def _link_ends(link: Row) -> tuple[Identifier, Identifier]:
    return (
        (link["left_type"], link["left_id"]),
        (link["right_type"], link["right_id"]),
    )


def _first_seen(data: RawData) -> dict[Identifier, datetime]:
    seen: dict[Identifier, datetime] = {}

    def note(kind: str, identifier: Text, instant: datetime) -> None:
        if identifier is not None:
            key = (kind, identifier)
            seen[key] = min(instant, seen.get(key, instant))

    for event in data.current["cdp__events"]:
        note("user", event["user_id"], event["occurred_at"])
        note("device", event["device_id"], event["occurred_at"])
    for user in data.current["cdp__users"]:
        note("user", user["user_id"], user["registered_at"])
    for lead in data.current["crm__leads"]:
        note("lead", lead["lead_id"], lead["created_at"])
    for order in data.current["erp__orders"]:
        note("user", order["user_id"], order["ordered_at"])
    for link in data.current["cdp__identity_links"]:
        for kind, identifier in _link_ends(link):
            note(kind, identifier, link["linked_at"])
    return seen


def _raw_edges(data: RawData) -> tuple[list[Edge], list[Removed]]:
    """All edges, and the revoked ones apart."""
    edges: list[Edge] = []
    removed: list[Removed] = []
    for link in data.current["cdp__identity_links"]:
        left, right = _link_ends(link)
        edge = Edge(left, right, link["method"], link["linked_at"])
        if link["revoked_at"] is not None and data.exists(link["revoked_at"]):
            removed.append(Removed(edge, "revoked"))
        else:
            edges.append(edge)

    leads = {lead["lead_id"]: lead for lead in data.current["crm__leads"]}
    for lead in leads.values():
        target = leads.get(lead["merged_into_lead_id"])
        if target is not None and target is not lead:
            known_at = max(lead["created_at"], target["created_at"])
            edges.append(
                Edge(("lead", lead["lead_id"]), ("lead", target["lead_id"]), "crm_merge", known_at)
            )

    logins: dict[tuple[str, str], datetime] = {}
    for event in data.current["cdp__events"]:
        if event["device_id"] is not None and event["user_id"] is not None:
            pair = (event["device_id"], event["user_id"])
            logins[pair] = min(event["occurred_at"], logins.get(pair, FAR_FUTURE))
    for (device, user), known_at in logins.items():
        edges.append(Edge(("device", device), ("user", user), "login", known_at))

    for kind, rows, key, instant in (
        ("user", data.current["cdp__users"], "user_id", "registered_at"),
        ("lead", data.current["crm__leads"], "lead_id", "created_at"),
    ):
        for row in rows:
            for method, normalise in (("email", normalised_email), ("phone", normalised_phone)):
                value = normalise(row[method]) if row[f"is_{method}_verified"] else None
                if value is not None:
                    edges.append(Edge((kind, row[key]), (method, value), method, row[instant]))
    return edges, removed


def _blocklist(rows: Iterable[RawRow]) -> Callable[[Identifier], bool]:
    blocked: set[Identifier] = set()
    for row in rows:
        kind, value = row["identifier_type"] or "", row["identifier"]
        if kind == "email":
            value = normalised_email(value)
        elif kind == "phone":
            value = normalised_phone(value)
        else:
            value = trimmed((value or "").lower())
        if value is not None:
            blocked.add((kind, value))

    def is_blocked(identifier: Identifier) -> bool:
        kind, value = identifier
        if kind in ("email", "phone"):
            return identifier in blocked
        return (kind, (trimmed(value.lower()) or "")) in blocked

    return is_blocked


def _split(
    edges: Iterable[Edge], reason: str, goes: Callable[[Edge], bool], removed: list[Removed]
) -> list[Edge]:
    kept = []
    for edge in edges:
        if goes(edge):
            removed.append(Removed(edge, reason))
        else:
            kept.append(edge)
    return kept


def _between(edge: Edge, one: str, other: str) -> bool:
    return {edge.left[0], edge.right[0]} == {one, other}


def _shared_devices(edges: Iterable[Edge]) -> set[str]:
    users: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if _between(edge, "device", "user"):
            ends = dict((edge.left, edge.right))
            users[ends["device"]].add(ends["user"])
    return {device for device, known in users.items() if len(known) >= 2}


def _components(nodes: Iterable[Identifier], edges: Iterable[Edge]) -> list[set[Identifier]]:
    neighbours: defaultdict[Identifier, set[Identifier]] = defaultdict(set)
    for edge in edges:
        neighbours[edge.left].add(edge.right)
        neighbours[edge.right].add(edge.left)
    seen: set[Identifier] = set()
    found = []
    for start in nodes:
        if start in seen:
            continue
        component, waiting = {start}, [start]
        while waiting:
            for neighbour in neighbours[waiting.pop()]:
                if neighbour not in component:
                    component.add(neighbour)
                    waiting.append(neighbour)
        seen |= component
        found.append(component)
    return found


def _bridging_edges(edges: Sequence[Edge]) -> set[Edge]:
    """Edges of devices in components whose users only devices join."""

    def kinds(edge: Edge) -> set[str]:
        return {edge.left[0], edge.right[0]}

    nodes = [node for edge in edges for node in (edge.left, edge.right)]
    apart = _components(nodes, [edge for edge in edges if "device" not in kinds(edge)])
    home = {node: number for number, members in enumerate(apart) for node in members}
    bridging: set[Identifier] = set()
    for component in _components(nodes, edges):
        if len({home[node] for node in component if node[0] == "user"}) > 1:
            bridging |= component
    return {
        edge
        for edge in edges
        if edge.left in bridging and "device" in kinds(edge) and "user" not in kinds(edge)
    }


def _owners_of_events(
    events: Sequence[Row], shared: set[str], settings: Settings
) -> dict[str, Identifier]:
    """The identifier to which each event belongs.

    What nobody did on a shared device goes by stretches: all events of one kind of traffic, on one
    platform, in one country, within one day and one timeout counted from 1970, to one user.
    """
    timeout = timedelta(minutes=settings.session_timeout_minutes)

    def stretch(event: Row) -> tuple[Any, ...]:
        return (
            event["device_id"],
            event["user_id"],
            event["platform"],
            event["country"],
            is_human(event),
            settings.day_of(event["occurred_at"]),
            (event["occurred_at"] - datetime(1970, 1, 1, tzinfo=event["occurred_at"].tzinfo))
            // timeout,
        )

    starts: dict[tuple[Any, ...], datetime] = {}
    for event in events:
        if event["device_id"] in shared:
            key = stretch(event)
            starts[key] = min(event["occurred_at"], starts.get(key, event["occurred_at"]))
    logins: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for key, start in starts.items():
        if key[1] is not None:
            logins[key[0]].append((start, key[1]))

    owners: dict[str, Identifier] = {}
    for event in events:
        device, user = event["device_id"], event["user_id"]
        owner = ("device", device) if user is None else ("user", user)
        if user is None and device in logins:
            start = starts[stretch(event)]
            following = [login for login in logins[device] if login[0] >= start]
            owner = ("user", (min(following) if following else max(logins[device]))[1])
        owners[event["event_key"]] = owner
    return owners


def resolve(data: RawData, blocklist: Iterable[RawRow]) -> Identity:
    """Edges, guards, components and the events' owners; attributes follow separately."""
    identity = Identity(first_seen=_first_seen(data))
    is_blocked = _blocklist(blocklist)
    edges, identity.removed = _raw_edges(data)
    removed = identity.removed

    edges = _split(
        edges,
        "blocked_identifier",
        lambda edge: is_blocked(edge.left) or is_blocked(edge.right),
        removed,
    )
    identity.shared_devices = _shared_devices(edges)
    shared = {("device", device) for device in identity.shared_devices}
    edges = _split(
        edges,
        "shared_device",
        lambda edge: (
            (edge.left in shared and edge.right[0] in ("user", "lead"))
            or (edge.right in shared and edge.left[0] in ("user", "lead"))
        ),
        removed,
    )
    neighbours: defaultdict[Identifier, set[Identifier]] = defaultdict(set)
    for edge in edges:
        if edge.left != edge.right:
            neighbours[edge.left].add(edge.right)
            neighbours[edge.right].add(edge.left)
    limit = data.settings.identity_max_degree
    hubs = {node for node, others in neighbours.items() if len(others) > limit}
    edges = _split(edges, "hub", lambda edge: edge.left in hubs or edge.right in hubs, removed)
    bridges = _bridging_edges(edges)
    edges = _split(edges, "bridging_device", lambda edge: edge in bridges, removed)
    identity.edges = edges

    nodes = [node for node in identity.first_seen if not is_blocked(node)]
    for component in _components(nodes, edges):
        members = sorted(
            (node for node in component if node[0] in IDENTIFIER_TYPES),
            key=lambda node: (identity.first_seen[node], node),
        )
        for member in members:
            identity.person_of[member] = len(identity.persons)
        identity.persons.append(Person(tuple(members), identity.first_seen[members[0]]))

    identity.event_owner = _owners_of_events(
        data.current["cdp__events"], identity.shared_devices, data.settings
    )
    return identity


def bind(identity: Identity, data: RawData, valid_leads: Collection[str]) -> None:
    """Leads and users of one person, and which of them are primary."""
    leads = {lead["lead_id"]: lead for lead in data.current["crm__leads"]}
    users = {user["user_id"]: user for user in data.current["cdp__users"]}
    direct: dict[tuple[str, str], datetime] = {}
    for edge in identity.edges:
        if _between(edge, "lead", "user"):
            ends = dict((edge.left, edge.right))
            pair = (ends["lead"], ends["user"])
            direct[pair] = min(edge.known_at, direct.get(pair, FAR_FUTURE))

    for person in identity.persons:
        own_leads = [name for kind, name in person.members if kind == "lead" and name in leads]
        own_users = [name for kind, name in person.members if kind == "user" and name in users]
        identity.bindings |= {(lead, user) for lead in own_leads for user in own_users}
        if not own_leads or not own_users:
            continue
        for lead in own_leads:
            identity.primary_user[lead] = min(
                own_users,
                key=lambda user: (
                    (lead, user) not in direct,
                    direct.get((lead, user), FAR_FUTURE),
                    users[user]["registered_at"],
                    user,
                ),
            )
        for user in own_users:
            identity.primary_lead[user] = min(
                own_leads,
                key=lambda lead: (
                    lead not in valid_leads,
                    (lead, user) not in direct,
                    direct.get((lead, user), FAR_FUTURE),
                    leads[lead]["created_at"],
                    lead,
                ),
            )


def describe_persons(
    identity: Identity, data: RawData, channels: ChannelMap, business: set[int]
) -> None:
    """Fills the persons' attributes; `business` are the persons with an account."""
    leads = {lead["lead_id"]: lead for lead in data.current["crm__leads"]}
    users = {user["user_id"]: user for user in data.current["cdp__users"]}
    first_human: dict[Identifier, Row] = {}
    traffic: defaultdict[int, set[bool]] = defaultdict(set)
    for event in sorted(data.current["cdp__events"], key=event_order):
        owner = identity.event_owner[event["event_key"]]
        human = is_human(event)
        if human:
            first_human.setdefault(owner, event)
        person = identity.person(owner)
        if person is not None:
            traffic[person].add(human)

    def channel(member: Identifier) -> Text:
        if member[0] == "lead":
            lead = leads.get(member[1])
            if lead is None:
                return None
            found = channels.channel(lead["source"], lead["medium"], "unknown")
        else:
            event = first_human.get(member)
            if event is None:
                return None
            found = channels.channel(event["source"], event["medium"], "direct")
        return None if found == "unknown" else found

    def country(member: Identifier) -> Text:
        if member[0] == "lead":
            return leads[member[1]]["country"] if member[1] in leads else None
        own = users[member[1]]["country"] if member[0] == "user" and member[1] in users else None
        event = first_human.get(member)
        return own or (event["country"] if event is not None else None)

    def platform(member: Identifier) -> Text:
        if member[0] == "lead":
            return None
        own = users[member[1]]["platform"] if member[0] == "user" and member[1] in users else None
        event = first_human.get(member)
        return own or (event["platform"] if event is not None else None)

    def oldest(attribute: Callable[[Identifier], Text], members: Sequence[Identifier]) -> str:
        return next((value for value in map(attribute, members) if value), "unknown")

    for number, described in enumerate(identity.persons):
        members = described.members
        described.first_channel = oldest(channel, members)
        described.country = oldest(country, members)
        described.home_platform = oldest(platform, members)
        described.customer_type = "business" if number in business else "consumer"
        own_users = [users[name] for kind, name in members if kind == "user" and name in users]
        described.registered_at = min((user["registered_at"] for user in own_users), default=None)
        has_test_user = any(user["is_test"] for user in own_users)
        only_robots = number in traffic and True not in traffic[number]
        described.is_human = not has_test_user and not only_robots


def is_human(event: Row) -> bool:
    """Traffic of a person; a blank type reads human."""
    return event["traffic_type"] in (None, "human")
