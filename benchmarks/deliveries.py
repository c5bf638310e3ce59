"""Raw deliveries: a demo company, and what makes one pathological."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trunkline.demo import write_demo

_EVENTS = "cdp/events/loaded_date=*/*.parquet"
_SESSIONS, _ORDERS, _DEVICES = 10_000, 1_000, 10
_HALF_HOURS = 1_860  # seconds between two sessions: a minute more than the timeout


def company(folder: Path, persons: int, days: int, events: int) -> None:
    """Write a demo company."""
    write_demo(persons, days, 7, folder, "parquet", events=events)


def copied(base: Path, folder: Path) -> Path:
    """Lay out a delivery again, without copying its bytes, so that more can be added to it."""
    shutil.copytree(
        base, folder, copy_function=lambda source, target: Path(target).hardlink_to(source)
    )
    return folder


def add_copied_events(folder: Path, share: float, device: str | None) -> None:
    """Add events to every day: all by one device, or by the devices that are there.

    Args:
        folder: The delivery.
        share: Share of the new events in all of them.
        device: The device; None keeps the devices of the events that are copied.
    """
    percent = 100 * share / (1 - share)
    device_id = f"'{device}'" if device else "device_id"
    sql = f"""
        copy (
            select * replace (
                'extra-' || event_id as event_id,
                {device_id} as device_id,
                null as user_id
            )
            from read_parquet('{folder}/{_EVENTS}', hive_partitioning = true)
            where hash(event_id) % 100000 < {percent * 1000}
        ) to '{folder}/cdp/events' (
            format parquet,
            partition_by (loaded_date),
            filename_pattern 'extra-{{i}}',
            overwrite_or_ignore
        )
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GiB"}) as connection:
        connection.execute(sql)


def add_busy_users(folder: Path, users: int) -> None:
    """Add 10,000 touches and 1,000 orders, by one user or evenly by many.

    Args:
        folder: The delivery.
        users: How many users share them.
    """
    last = max(folder.glob("cdp/events/loaded_date=*")).name.removeprefix("loaded_date=")
    end = datetime.fromisoformat(last)
    # every tenth touch is of the same device, so that no two touches of a device are one session
    numbers = np.arange(_SESSIONS)
    owners = numbers // _DEVICES % users
    touched_at = [
        end - timedelta(seconds=_HALF_HOURS * int(number) // _DEVICES) for number in numbers
    ]
    events = {
        "event_id": [f"busy-{number}" for number in numbers],
        "event_name": ["view_landing"] * _SESSIONS,
        "occurred_at": touched_at,
        "device_id": [
            f"busy-{owner}-{number % _DEVICES}"
            for owner, number in zip(owners, numbers, strict=True)
        ],
        "user_id": [f"busy-{owner}" for owner in owners],
        "source": ["google"] * _SESSIONS,
        "medium": ["cpc"] * _SESSIONS,
        "campaign": ["busy"] * _SESSIONS,
        "loaded_at": [at + timedelta(hours=1) for at in touched_at],
    }
    path = folder / "cdp" / "events" / f"loaded_date={last}" / "busy.parquet"
    like = next(folder.glob(_EVENTS))
    _write(events, like, path)
    every = _SESSIONS // _ORDERS
    orders = {
        "order_id": [f"busy-{number}" for number in numbers[::every]],
        "ordered_at": [at + timedelta(minutes=5) for at in touched_at[::every]],
        "status": ["paid"] * _ORDERS,
        "sales_channel": ["own_online"] * _ORDERS,
        "user_id": events["user_id"][::every],
        "list_amount": [100] * _ORDERS,
        "currency": ["CNY"] * _ORDERS,
        "loaded_at": events["loaded_at"][::every],
    }
    _write(orders, _opened(folder, "erp/orders"), folder / "erp/orders/busy.parquet")


def add_links(folder: Path, links: pa.Table) -> None:
    """Add links between identifiers."""
    like = _opened(folder, "cdp/identity_links")
    name = f"links-{len(list(like.parent.iterdir()))}.parquet"
    _write(links.to_pydict(), like, like.parent / name)


def take_day(folder: Path, day: str) -> Path:
    """Hold back what was loaded on a day.

    Args:
        folder: The delivery.
        day: The day.

    Returns:
        Where it lies until ``deliver_day``.
    """
    held = folder.with_name(f"{folder.name}-{day}")
    shutil.move(folder / "cdp" / "events" / f"loaded_date={day}", held)
    return held


def deliver_day(folder: Path, held: Path, loaded_at: datetime) -> None:
    """Deliver what was held back.

    Args:
        folder: The delivery.
        held: What was held back.
        loaded_at: When it is loaded.
    """
    path = folder / "cdp" / "events" / f"loaded_date={loaded_at.date()}" / "held.parquet"
    path.parent.mkdir(exist_ok=True)
    sql = f"""
        copy (
            select * replace (timestamp '{loaded_at}' as loaded_at)
            from read_parquet('{held}/*.parquet', hive_partitioning = false)
        ) to '{path}' (format parquet)
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GiB"}) as connection:
        connection.execute(sql)


def loaded_days(folder: Path) -> list[str]:
    """The days on which events were loaded, in order."""
    return sorted(
        path.name.removeprefix("loaded_date=") for path in folder.glob("cdp/events/loaded_date=*")
    )


def _opened(folder: Path, entity: str) -> Path:
    """Turn a table that is one file into a folder that takes more files."""
    file, inside = folder / f"{entity}.parquet", folder / entity / "part-0.parquet"
    if file.exists():
        inside.parent.mkdir()
        file.rename(inside)
    return inside


def _write(columns: dict[str, list[object]], like: Path, path: Path) -> None:
    """Write rows with the columns and types of another file; what is not said is null."""
    schema = pq.read_schema(like)
    rows = len(next(iter(columns.values())))
    arrays = [
        pa.array(columns.get(field.name, [None] * rows), field.type)
        for field in schema
        if field.name != "loaded_date"
    ]
    names = [field.name for field in schema if field.name != "loaded_date"]
    pq.write_table(pa.table(arrays, names), path)
