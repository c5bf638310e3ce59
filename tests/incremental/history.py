"""A company whose raw data arrive load by load, with everything that goes wrong on the way.

The base is the demo company. What its last loads bring is held back, and random trouble is mixed
in: late events inside and outside of the window, copies, a day delivered again, links that merge
and links that are revoked, restated spend, and stages entered and moved back.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trunkline.demo import write_demo

LATE_DATA_DAYS = 3
EVENTS = "cdp/events"
DAY = timedelta(days=1)


@dataclass
class History:
    """Raw rows by table, and the days on which the last of them are loaded.

    Attributes:
        tables: Rows by ``<system>/<entity>``, with the time of loading.
        days: The days of loading that are held back, in order.
    """

    tables: dict[str, pa.Table]
    days: list[date] = field(default_factory=list)

    @property
    def first_load(self) -> date:
        """The day up to which everything is there from the start."""
        return self.days[0] - DAY

    def rows(self, table: str, after: date | None, until: date) -> pa.Table:
        """Rows of a table by the day of loading."""
        loaded = self.tables[table].column("loaded_at")
        keep = pc.less(loaded, _midnight(until + DAY))
        if after is not None:
            keep = pc.and_(keep, pc.greater_equal(loaded, _midnight(after + DAY)))
        return self.tables[table].filter(keep)

    def deliver(self, folder: Path, after: date | None, until: date) -> None:
        """Write the files that one load brings, beside those that are there."""
        for table in self.tables:
            rows = self.rows(table, after, until)
            if after is None or rows.num_rows:
                _write(rows, folder / table / f"loaded_date={until}" / "part-0.parquet")

    def accepted(self) -> History:
        """The same without the events that came too late, told by the rule and not by the SQL."""
        events = self.tables[EVENTS]
        occurred, loaded = events.column("occurred_at"), events.column("loaded_at")
        delay = pc.subtract(loaded.cast(pa.int64()), occurred.cast(pa.int64()))
        late = pc.and_(
            pc.greater(delay, LATE_DATA_DAYS * 86_400_000_000),
            pc.greater(loaded, self._accepted_until()),
        )
        tables = {**self.tables, EVENTS: events.filter(pc.invert(pc.fill_null(late, False)))}
        return History(tables, self.days)

    def _accepted_until(self) -> pa.Scalar:
        """The last load of events that the first, full build sees."""
        return pc.max(self.rows(EVENTS, None, self.first_load).column("loaded_at"))


def _midnight(day: date) -> pa.Scalar:
    return pa.scalar(datetime(day.year, day.month, day.day), pa.timestamp("us"))


def _write(rows: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path)


def random_history(folder: Path, seed: int, loads: int) -> History:
    """Generate the demo company, hold its last loads back and mix trouble into them.

    Args:
        folder: Where the demo may write.
        seed: Seed of the company and of its trouble.
        loads: Days of loading to hold back.

    Returns:
        The history.
    """
    write_demo(220, 220, seed, folder, "parquet")
    tables = {}
    for system in sorted(path for path in folder.iterdir() if path.is_dir()):
        for entity in sorted(system.iterdir()):
            tables[f"{system.name}/{entity.stem}"] = pq.read_table(entity, partitioning=None)
    loaded = tables[EVENTS].column("loaded_at")
    days = sorted({instant.date() for instant in pc.unique(loaded).to_pylist()})[-loads:]
    history = History(tables, days)
    dice = random.Random(seed)
    for day in days:
        _add_trouble(history, dice, day)
    return history


def _add_trouble(history: History, dice: random.Random, day: date) -> None:
    """Rows that are loaded on a day, at an hour of their own, beside those of the demo."""
    instant = datetime(day.year, day.month, day.day, 12) + timedelta(minutes=dice.randrange(60))
    known = {table: history.rows(table, None, day - DAY) for table in history.tables}
    events = known[EVENTS]

    def sample(table: str, rows: int) -> list[dict[str, object]]:
        places = dice.sample(range(known[table].num_rows), rows)
        return known[table].take(places).to_pylist()

    usable = events.filter(
        pc.and_(
            pc.less(events.column("occurred_at"), _midnight(day - DAY)),
            pc.is_valid(events.column("event_id")),
        )
    )
    recent = usable.filter(pc.greater(usable.column("occurred_at"), _midnight(day - 5 * DAY)))
    added: dict[str, list[dict[str, object]]] = {name: [] for name in history.tables}

    # events inside and outside of the window, on devices that are known and on new ones
    for number in range(40):
        event = dict(dice.choice(usable.to_pylist()))
        delay = timedelta(days=dice.choice((0, 1, 2, 3, 4, 6)), minutes=dice.randrange(1, 900))
        event |= {"event_id": f"late-{day}-{number}", "occurred_at": instant - delay}
        if dice.random() < 0.3:
            event["device_id"] = f"new-{dice.randrange(20)}"
        added[EVENTS].append(event)
    # copies, some of them with another instant, and a whole load delivered again
    for event in recent.take(dice.sample(range(recent.num_rows), 25)).to_pylist():
        shift = timedelta(hours=dice.choice((0, 0, -30, 30)))
        added[EVENTS].append(event | {"occurred_at": event["occurred_at"] + shift})
    again = dice.randrange(1, 8)
    added[EVENTS] += history.rows(EVENTS, day - (again + 1) * DAY, day - again * DAY).to_pylist()

    # two users become one, a device becomes shared, and a link is taken back
    users = [str(row["user_id"]) for row in sample("cdp/users", 4)]
    for left, right in (("user", "user"), ("device", "user")):
        ends = {"left_type": left, "right_type": right, "right_id": users.pop()}
        left_id = users.pop() if left == "user" else dice.choice(recent.to_pylist())["device_id"]
        if left_id is not None:
            added["cdp/identity_links"].append(
                ends | {"left_id": left_id, "method": "support", "linked_at": instant - DAY}
            )
    for link in sample("cdp/identity_links", 3):
        added["cdp/identity_links"].append(link | {"revoked_at": instant - DAY})
    # money said anew, and a deal that moves
    for row in sample("ads/daily_spend", 5):
        added["ads/daily_spend"].append(row | {"clicks": dice.randrange(500)})
    for row in sample("crm/opportunities", 3):
        added["crm/opportunity_stages"].append(
            {
                "opportunity_id": row["opportunity_id"],
                "stage": dice.choice(("proposal", "negotiation", "won", "lost")),
                "entered_at": instant - dice.choice((DAY, 3 * DAY)),
            }
        )
    for table, rows in added.items():
        if rows:
            schema = history.tables[table].schema
            loads = [row | {"loaded_at": instant} for row in rows]
            history.tables[table] = pa.concat_tables(
                [history.tables[table], pa.Table.from_pylist(loads, schema=schema)]
            )


def differing_tables(left: Path, right: Path, schemas: tuple[str, ...]) -> dict[str, int]:
    """Compare two databases row by row, floats to nine significant digits.

    Args:
        left: A database file.
        right: Another one.
        schemas: Schemas whose tables are compared.

    Returns:
        Rows that stand on one side only, by table; tables that are alike are left out.
    """
    listing = (
        "select schema_name || '.' || table_name, list(column_name order by column_index),"
        " list(data_type order by column_index) from duckdb_columns()"
        " where database_name = '{}' and list_contains({}, schema_name) group by all"
    )
    with duckdb.connect() as connection:
        for name, path in (("this", left), ("other", right)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        this, other = (
            {row[0]: row[1:] for row in connection.execute(listing.format(*side)).fetchall()}
            for side in (("this", list(schemas)), ("other", list(schemas)))
        )
        assert this.keys() == other.keys()
        found = {}
        for table, (columns, types) in sorted(this.items()):
            said = ", ".join(
                f"printf('%.9g', \"{column}\")" if kind == "DOUBLE" else f'"{column}"'
                for column, kind in zip(columns, types, strict=True)
            )
            ((rows,),) = connection.execute(
                "select count(*) from ("
                f"(select {said} from this.{table} except all select {said} from other.{table})"
                " union all "
                f"(select {said} from other.{table} except all select {said} from this.{table}))"
            ).fetchall()
            if rows:
                found[table] = rows
        return found
