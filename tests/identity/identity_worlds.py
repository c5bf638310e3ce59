"""Raw rows of small worlds, written where the raw layer reads files."""

import csv
import random
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx

DAY_ZERO = datetime(2026, 1, 1)
AS_OF_DATE = "2026-03-31"
LOADED_AT = "2026-04-02T00:00:00Z"


def instant(day: float) -> str:
    """UTC text of a time, in days after the start of the worlds."""
    return (DAY_ZERO + timedelta(days=day)).isoformat() + "Z"


class Raw:
    """Rows by raw table; every helper adds one row."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)

    def add(self, system: str, entity: str, **values: Any) -> None:
        row = {"loaded_at": LOADED_AT} | values
        self.tables[system, entity].append(row)

    def user(self, user_id: str, day: float = 0, **values: Any) -> None:
        self.add("cdp", "users", user_id=user_id, registered_at=instant(day), **values)

    def lead(self, lead_id: str, day: float = 0, **values: Any) -> None:
        self.add("crm", "leads", lead_id=lead_id, created_at=instant(day), **values)

    def order(self, order_id: str, day: float = 0, **values: Any) -> None:
        values = {"status": "paid", "list_amount": "10"} | values
        self.add("erp", "orders", order_id=order_id, ordered_at=instant(day), **values)

    def event(self, event_id: str, day: float = 0, **values: Any) -> None:
        values = {"event_name": "app_open", "occurred_at": instant(day)} | values
        self.add("cdp", "events", event_id=event_id, **values)

    def link(self, left: str, right: str, day: float = 0, **values: Any) -> None:
        """Link two identifiers, each written as type:id."""
        (left_type, left_id), (right_type, right_id) = left.split(":"), right.split(":")
        self.add(
            "cdp",
            "identity_links",
            left_type=left_type,
            left_id=left_id,
            right_type=right_type,
            right_id=right_id,
            linked_at=instant(day),
            **{"method": "form_login"} | values,
        )

    def write(self, folder: Path, shuffle: int | None = None) -> None:
        """Write one CSV file per table, the rows in an order of their own."""
        for (system, entity), rows in self.tables.items():
            path = folder / system / f"{entity}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = sorted({column for row in rows for column in row})
            if shuffle is not None:
                rows = random.Random(shuffle).sample(rows, len(rows))
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)


RANDOM_WORLDS = 300
KINDS = ("device", "lead", "user")


def random_links(world: int) -> list[tuple[str, str, int, str]]:
    """Links of one world with few neighbours and no user on a device."""
    source = random.Random(world)
    names = [f"{source.choice(KINDS)}:r{world}-{number}" for number in range(source.randint(2, 12))]
    links = {}
    for number in range(source.randint(1, 14)):
        left, right = source.choice(names), source.choice(names)
        if {"device", "user"} != {left.split(":")[0], right.split(":")[0]}:
            # few different days, so that links tie
            links.setdefault((left, right), (source.randint(1, 8), f"method_{world}_{number}"))
    return [(*ends, *values) for ends, values in links.items()]


def accepted_links(links: list[tuple[str, str, int, str]]) -> list[tuple[str, str, int, str]]:
    """The links that join no two users through devices alone, by networkx."""
    whole = nx.Graph(link[:2] for link in links)
    without_devices = nx.Graph(link[:2] for link in links if "device" not in _kinds(link))
    bridging = set()
    for component in nx.connected_components(whole):
        users = {name for name in component if name.startswith("user:")}
        joined = [
            users & nx.node_connected_component(without_devices, name)
            if name in without_devices
            else {name}
            for name in users
        ]
        if any(group != users for group in joined):
            bridging |= component
    return [
        link
        for link in links
        if link[0] not in bridging or "device" not in _kinds(link) or "user" in _kinds(link)
    ]


def _kinds(link: tuple[str, str, int, str]) -> set[str]:
    return {end.split(":")[0] for end in link[:2]}


def plant_random_worlds(raw: Raw) -> None:
    """Add the links of all random worlds."""
    for world in range(RANDOM_WORLDS):
        for left, right, day, method in random_links(world):
            raw.link(left, right, day, method=method)
