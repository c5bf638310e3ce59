"""A notebook for rows that are written by hand, and for what they are meant to show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from trunkline.demo.calendar import Calendar, iso, next_hourly_load

Row = dict[str, str | None]


@dataclass(frozen=True)
class Case:
    """One planted case.

    Attributes:
        name: Name, also a heading of the documentation.
        claim: What a right warehouse makes of it.
        facts: Ids, days and expected values.
    """

    name: str
    claim: str
    facts: dict[str, object]


@dataclass
class Book:
    """Rows by table, and the cases that they belong to."""

    cal: Calendar
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    cases: list[Case] = field(default_factory=list)
    _events: int = 0

    def at(self, days_back: int, clock: str) -> int:
        """An instant: UTC time of day, so many days before the last full day."""
        return self.on(self.cal.last_date - timedelta(days=days_back), clock)

    def on(self, day: date, clock: str) -> int:
        """An instant: UTC time of day on a date."""
        return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC).timestamp())

    def case(self, name: str, claim: str, **facts: object) -> None:
        """Notes a case."""
        self.cases.append(Case(name, claim, facts))

    def add(self, table: str, moment: int, /, loaded: int | None = None, **columns: str) -> None:
        """Writes a row; without a load time it is taken by the next hourly load."""
        if loaded is None:
            loaded = int(next_hourly_load(np.asarray([moment]))[0])
        if loaded > self.cal.cutoff:
            raise ValueError(f"{table}: {columns} would be loaded after the last load")
        self.rows[table].append({**columns, "loaded_at": iso(loaded)})

    def user(self, user: str, moment: int, /, loaded: int | None = None, **columns: str) -> None:
        """A registered user."""
        defaults = {"country": "CN", "platform": "web", "is_test": "false"}
        columns = {**defaults, "user_id": user, "registered_at": iso(moment), **columns}
        self.add("cdp__users", moment, loaded, **columns)

    def lead(self, lead: str, moment: int, /, loaded: int | None = None, **columns: str) -> None:
        """A lead."""
        defaults = {"country": "CN", "is_deleted": "false", "is_test": "false"}
        columns = {**defaults, "lead_id": lead, "created_at": iso(moment), **columns}
        self.add("crm__leads", moment, loaded, **columns)

    def score(self, lead: str, moment: int, /, fit: str, intent: str) -> None:
        """A scoring of a lead."""
        columns = {"fit_score": fit, "intent_score": intent, "scored_at": iso(moment)}
        self.add("crm__lead_scores", moment, None, lead_id=lead, **columns)

    def status(self, lead: str, moment: int, status: str, /) -> None:
        """A change of a lead's status."""
        columns = {"lead_id": lead, "status": status, "changed_at": iso(moment)}
        self.add("crm__lead_statuses", moment, None, **columns)

    def visit(
        self, device: str, user: str, moment: int, /, *names: str, **columns: str
    ) -> list[str]:
        """Events of one visit, a minute apart; the first one carries source and campaign.

        Args:
            device: Device id, blank for none.
            user: User id, blank for none.
            moment: Instant of the first event.
            *names: Event names.
            **columns: Other columns of all events, the utm ones of the first.

        Returns:
            The event ids.
        """
        written = []
        for number, name in enumerate(names):
            self._events += 1
            row = {"platform": "web", "country": "CN", **columns}
            if number:
                for key in ("source", "medium", "campaign"):
                    row.pop(key, None)
            needs = {"view_landing": ("page", "/"), "form_submit": ("page", "/demo")}
            needs |= {"view_detail": ("product_id", "P3"), "add_to_cart": ("product_id", "P3")}
            needs |= {"feature_use": ("feature", "quotes")}
            if name in needs:
                row.setdefault(*needs[name])
            row |= {"device_id": device} if device else {}
            row |= {"user_id": user} if user else {}
            row |= {"event_id": f"x{self._events}", "event_name": name}
            instant = moment + 60 * number
            self.add("cdp__events", instant, None, occurred_at=iso(instant), **row)
            written.append(row["event_id"])
        return written

    def link(
        self,
        left: tuple[str, str],
        right: tuple[str, str],
        moment: int,
        /,
        method: str,
        loaded: int | None = None,
        **columns: str,
    ) -> None:
        """A link between two identifiers."""
        ends = dict(
            zip(("left_type", "left_id", "right_type", "right_id"), (*left, *right), strict=True)
        )
        columns = {**ends, "method": method, "linked_at": iso(moment), **columns}
        self.add("cdp__identity_links", moment, loaded, **columns)

    def deal(
        self, deal: str, steps: list[tuple[str, int]], created: int, /, **columns: str
    ) -> None:
        """An opportunity and its stages."""
        defaults = {"currency": "CNY", "amount": "8000.00", "is_test": "false"}
        columns = {**defaults, "opportunity_id": deal, "created_at": iso(created), **columns}
        self.add("crm__opportunities", created, None, **columns)
        for stage, moment in steps:
            row = {"opportunity_id": deal, "stage": stage, "entered_at": iso(moment)}
            self.add("crm__opportunity_stages", moment, None, **row)

    def order(
        self,
        order: str,
        moment: int,
        /,
        lines: tuple[tuple[str, int, str, str], ...] = (("P3", 1, "100.00", "0.00"),),
        loaded: int | None = None,
        **columns: str,
    ) -> None:
        """An order with its lines, each (product, quantity, list amount, discount)."""
        listed = f"{sum(float(line[2]) for line in lines):.2f}"
        discount = f"{sum(float(line[3]) for line in lines):.2f}"
        defaults = {
            "status": "paid", "sales_channel": "own_online", "country": "CN", "currency": "CNY",
            "platform": "web", "list_amount": listed, "discount_amount": discount,
            "freight_amount": "0.00", "tax_amount": "0.00", "is_test": "false",
        }  # fmt: skip
        columns = {**defaults, "order_id": order, "ordered_at": iso(moment), **columns}
        self.add("erp__orders", moment, loaded, **{k: v for k, v in columns.items() if v})
        for number, (product, quantity, amount, off) in enumerate(lines, 1):
            row = {"order_line_id": f"{order}-{number}", "order_id": order, "list_amount": amount}
            row |= {"product_id": product, "quantity": str(quantity), "discount_amount": off}
            self.add("erp__order_lines", moment, None, **row)

    def refund(self, refund: str, order: str, moment: int, amount: str, /, **columns: str) -> None:
        """A refund of an order."""
        columns = {"refunded_at": iso(moment), "amount": amount, "is_restocked": "false", **columns}
        self.add("erp__refunds", moment, None, refund_id=refund, order_id=order, **columns)
