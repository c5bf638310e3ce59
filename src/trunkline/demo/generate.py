"""Generates the demo company: tables that fit in memory, and the events as a stream of days."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import numpy as np
import pyarrow as pa

from trunkline.demo import columns as col
from trunkline.demo import company
from trunkline.demo.ads import spend_table
from trunkline.demo.book import Book, Row
from trunkline.demo.broken import BrokenRow, broken_rows
from trunkline.demo.calendar import DAY, Calendar, iso
from trunkline.demo.cases import write_cases
from trunkline.demo.commerce import erp_tables, make_orders
from trunkline.demo.dice import Dice
from trunkline.demo.identities import identity_tables
from trunkline.demo.people import SPAN_LIMIT_DAYS, People, make_people, make_visits
from trunkline.demo.sales import campaigns, crm_tables, make_deals, make_leads, mediums, sources
from trunkline.demo.schema import TABLES
from trunkline.demo.visits import EVENTS, FAULTS, EventBlock, OrderSeeds, VisitScript

LEAST_PERSONS, LEAST_DAYS = 200, 220
_EVENTS = TABLES["cdp__events"]


@dataclass(frozen=True)
class DemoConfig:
    """What to generate.

    Attributes:
        persons: Number of persons.
        days: Full reporting days; the last one is ``company.LAST_DATE``.
        seed: Seed; equal seeds give equal bytes.
        events: About how many events, reached by longer visits; None for visits of a few events.
    """

    persons: int
    days: int = 430
    seed: int = 7
    events: int | None = None

    def __post_init__(self) -> None:
        """Refuses what cannot hold the planted cases."""
        if self.persons < LEAST_PERSONS:
            raise ValueError(f"persons is {self.persons}; at least {LEAST_PERSONS} are needed")
        if not LEAST_DAYS <= self.days < SPAN_LIMIT_DAYS:
            raise ValueError(
                f"days is {self.days}; from {LEAST_DAYS} (the planted cases need that many) "
                f"to {SPAN_LIMIT_DAYS - 1} can be generated"
            )

    @property
    def calendar(self) -> Calendar:
        """The span."""
        return Calendar(company.LAST_DATE - timedelta(days=self.days - 1), self.days)


@dataclass(frozen=True)
class Piece:
    """Rows of a table: typed ones, and text ones that were written by hand.

    Attributes:
        typed: Generated rows.
        by_hand: Planted and broken rows.
        faults: Positions in ``typed`` whose ``occurred_at`` reads as nonsense in a text file.
    """

    typed: pa.Table
    by_hand: list[Row]
    faults: pa.Array | None = None


@dataclass
class Demo:
    """A generated company. Read ``event_days`` to its end before the other tables.

    Attributes:
        config: What was asked for.
        book: The planted cases.
        broken: Broken rows outside of the generated events.
    """

    config: DemoConfig
    book: Book
    broken: list[BrokenRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draws the persons and their visits."""
        cal = self.config.calendar
        self._dice = Dice(self.config.seed)
        self._people: People = make_people(self._dice, cal, self.config.persons)
        visits = make_visits(self._dice, cal, self._people)
        self.script = VisitScript(self._dice, cal, self._people, visits, self.config.events)
        self.event_faults: Counter[str] = Counter()
        self._orders: list[OrderSeeds] = []

    def event_days(self) -> Iterator[tuple[str, Piece]]:
        """The events by the UTC day on which they were loaded.

        Yields:
            The date, ``YYYY-MM-DD``, and its rows, in order of occurrence.
        """
        by_hand: dict[str, list[Row]] = defaultdict(list)
        for row in self.book.rows["cdp__events"]:
            by_hand[str(row["loaded_at"])[:10]].append(row)
        waiting: dict[int, list[EventBlock]] = defaultdict(list)
        cal = self.config.calendar
        first = int(cal.epoch_days()[0])
        for day in range(cal.days):
            block, orders = self.script.play(day)
            self._orders.append(orders)
            self.event_faults.update(FAULTS[code] for code in block.fault[block.fault > 0].tolist())
            loaded = block.loaded // DAY
            for number in np.unique(loaded).tolist():
                waiting[number].append(block.take(loaded == number))
            due = first + day if day < cal.days - 1 else max(waiting) + 1
            for number in sorted(waiting):
                if number < due:
                    date = iso(number * DAY)[:10]
                    yield date, _event_piece(waiting.pop(number), by_hand.pop(date, []))
        for date in sorted(by_hand):
            yield date, Piece(_event_piece([_EMPTY], []).typed, by_hand[date])

    def tables(self) -> Iterator[tuple[str, Iterator[Piece]]]:
        """All tables but the events, drawn one after the other.

        Yields:
            The name and the pieces, which hold all rows, also those that a later load would bring.
        """
        dice, cal, people = self._dice, self.config.calendar, self._people
        leads = make_leads(dice, cal, people)
        deals = make_deals(dice, people, leads)
        orders = make_orders(dice, people, OrderSeeds.concat(self._orders), leads, deals)
        self._orders.clear()
        drawn: dict[str, Callable[[], Iterator[pa.Table]]] = {
            **crm_tables(dice, people, leads, deals),
            **identity_tables(dice, cal, people, leads),
            "ads__daily_spend": partial(spend_table, dice, cal, len(people)),
            **erp_tables(dice, cal, orders),
        }
        for name, draw in drawn.items():
            yield name, self._pieces(name, draw())

    def _pieces(self, name: str, parts: Iterator[pa.Table]) -> Iterator[Piece]:
        """Adds the planted and the broken rows to the first part of a table."""
        for number, typed in enumerate(parts):
            rows: list[Row] = []
            if number == 0:
                broken = broken_rows(self.config.calendar, name, typed.num_rows)
                self.broken += broken
                rows = [*self.book.rows[name], *(item.row for item in broken)]
            yield Piece(typed, rows)


def generate(config: DemoConfig) -> Demo:
    """Prepares the demo company of a configuration.

    Args:
        config: Size, span and seed.

    Returns:
        The company; its tables are generated when they are read.
    """
    return Demo(config, write_cases(config.calendar))


def answer_key(demo: Demo, rows: Mapping[str, int], *, typed: bool) -> str:
    """What was planted, as JSON text.

    Args:
        demo: A company whose tables have all been read.
        rows: Rows written, by table.
        typed: Whether the files have types, so that a text in a number's place cannot stand there.

    Returns:
        The text, with a line feed at its end.
    """
    cal = demo.config.calendar
    broken: dict[str, Counter[str]] = defaultdict(Counter)
    for fault, count in demo.event_faults.items():
        rule = "missing_value" if typed and fault == "bad_type" else fault
        broken["cdp__events"][rule] += count
    for item in demo.broken:
        rule = item.rule_when_typed() if typed else item.rule
        if rule:
            broken[item.table][rule] += 1
    tally = demo.script.tally
    notes = company.CAMPAIGNS[company.CHEAP_LEADS], company.CAMPAIGNS[company.NO_LEADS]
    content = {
        "parameters": {
            "persons": demo.config.persons,
            "days": demo.config.days,
            "seed": demo.config.seed,
        },
        "first_date": str(cal.first_date),
        "as_of_date": str(cal.last_date),
        "last_load_at": iso(cal.cutoff),
        "rows": dict(sorted(rows.items())),
        "broken_rows": {
            name: dict(sorted(rules.items())) for name, rules in sorted(broken.items())
        },
        "generated_events": {
            "events": tally.events,
            "redelivered_copies": tally.redelivered,
            "late_by_a_day_or_more": tally.late,
            "by_bots": tally.bot,
            "internal": tally.internal,
            "not_in_tracking_plan": tally.unplanned,
            "missing_property": tally.missing_property,
        },
        "incident": {
            "platform": company.PLATFORMS[company.INCIDENT_PLATFORM],
            "first_date": str(company.INCIDENT_FIRST_DAY),
            "last_date": str(company.INCIDENT_LAST_DAY),
            "vanished_purchases": tally.vanished_purchases,
        },
        "cheap_leads_campaign": {
            "campaign_id": notes[0].campaign_id,
            "campaign": notes[0].utm,
            "first_date": str(notes[0].first_day),
            "last_date": str(notes[0].last_day),
            "credit_note_date": str(company.CREDIT_NOTE_DATE),
        },
        "spend_without_leads_campaign": {
            "campaign_id": notes[1].campaign_id,
            "campaign": notes[1].utm,
        },
        "missing_rate": {"date": str(company.MISSING_RATE_DATE), "currency": "USD"},
        "mql_rule_change": str(company.MQL_RULE_CHANGE),
        "cases": {case.name: {"claim": case.claim, **case.facts} for case in demo.book.cases},
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


_EMPTY = EventBlock(**{name: np.empty(0, np.int64) for name in EventBlock.__dataclass_fields__})


def _event_piece(blocks: list[EventBlock], by_hand: list[Row]) -> Piece:
    """Events of one loaded day, typed, with the faults of broken rows put in."""
    block = EventBlock.concat(blocks)
    block = block.take(np.lexsort((block.loaded, block.number, block.occurred)))
    missing, bad_type, enum, future, nameless = range(1, len(FAULTS))
    fault = block.fault
    no_id = fault == nameless
    occurred = block.occurred + np.where(fault == future, 400 * DAY, 0)
    fridge = len(company.PLATFORMS)
    typed = col.table(
        _EVENTS,
        {
            "event_id": col.ids("e", np.where(fault == missing, -1, block.number)),
            "event_name": col.labels(EVENTS, block.name),
            "occurred_at": col.times(occurred, fault == bad_type),
            "device_id": col.ids("d", np.where(no_id, -1, block.device)),
            "user_id": col.ids("U", np.where(no_id, -1, block.user)),
            "platform": col.labels(
                [*company.PLATFORMS, "fridge"], np.where(fault == enum, fridge, block.platform)
            ),
            "country": col.labels(company.COUNTRIES, block.country),
            "page": col.labels(company.PAGES, block.page),
            "feature": col.labels(company.FEATURES, block.feature),
            "product_id": col.ids("P", block.product),
            "source": sources(block.channel, np.zeros(len(block), np.int64)),
            "medium": mediums(block.channel),
            "campaign": campaigns(block.campaign, block.spelling),
            "traffic_type": col.labels(("", *company.TRAFFIC[1:]), block.traffic),
            "loaded_at": col.times(block.loaded),
        },
    )
    return Piece(typed, by_hand, pa.array(fault == bad_type))
