"""Everything that the raw rows of one company imply, computed in plain Python."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from . import activity, attribution, crm, identity, orders, raw


@dataclass(frozen=True)
class Reference:
    """The reference seeds, as rows of text."""

    channels: Sequence[raw.RawRow]
    channel_map: Sequence[raw.RawRow]
    mql_rules: Sequence[raw.RawRow]
    attribution_models: Sequence[raw.RawRow]
    identifier_blocklist: Sequence[raw.RawRow]
    tracking_plan: Sequence[raw.RawRow]
    retention_days: Sequence[raw.RawRow]

    @classmethod
    def read(cls, folder: Path) -> Reference:
        """Reads seeds/reference."""
        return cls(**{name: read_csv(folder / f"{name}.csv") for name in cls.__annotations__})

    @cached_property
    def paid_channels(self) -> dict[str, bool]:
        return {
            row["channel"] or "": raw.parse_boolean(row["is_paid"] or "") for row in self.channels
        }


def read_csv(path: Path) -> list[dict[str, raw.Text]]:
    """Rows of a CSV file; an empty field is None."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: text if text != "" else None for name, text in row.items()}
            for row in csv.DictReader(file)
        ]


def read_raw_seeds(folder: Path) -> dict[str, list[dict[str, raw.Text]]]:
    """Reads seeds/raw into tables by name."""
    return {path.stem: read_csv(path) for path in sorted(folder.glob("*/*.csv"))}


@dataclass
class Company:
    """The oracle's view of one company."""

    contract: Mapping[str, raw.Table]
    tables: raw.RawTables
    reference: Reference
    settings: raw.Settings = field(default_factory=raw.Settings)

    def __post_init__(self) -> None:
        reference = self.reference
        self.data = raw.load(self.contract, self.tables, self.settings)
        self.rates = raw.rates_of(self.data)
        self.channels = raw.ChannelMap.read(reference.channel_map)
        self.plan = activity.Plan.read(reference.tracking_plan)
        self.identity = identity.resolve(self.data, reference.identifier_blocklist)
        self.leads = crm.valid_leads(
            self.data, self.channels, crm.MqlRules.read(reference.mql_rules)
        )
        identity.bind(self.identity, self.data, self.leads)
        self.opportunities = crm.valid_opportunities(self.data, self.leads, self.rates)
        self.orders = orders.valid_orders(self.data, self.identity, self.rates)
        self.spend = orders.ad_spend(self.data, self.channels, self.rates)
        business = {
            person
            for account, person in (
                *((lead.account_id, self.person_of_lead(lead)) for lead in self.leads.values()),
                *((order.account_id, order.person) for order in self.orders.values()),
            )
            if account is not None and person is not None
        }
        identity.describe_persons(self.identity, self.data, self.channels, business)
        self.spine = activity.days_between(self.data.first_day, self.data.as_of)
        first_event_day = self.data.first_event_day
        self.tracked_days = [
            day for day in self.spine if first_event_day is not None and day >= first_event_day
        ]
        sessions = activity.sessions(self.data, self.identity, self.channels)
        self.touches = [session for session in sessions if session.person is not None]

    def person_of_lead(self, lead: crm.Lead) -> int | None:
        """The person of a valid lead."""
        return self.identity.person(("lead", lead.lead_id))

    def day_of(self, instant: datetime | None) -> date | None:
        """The reporting day of an instant; None of None."""
        return None if instant is None else self.settings.day_of(instant)

    @cached_property
    def accounts(self) -> dict[str, raw.Row]:
        return {row["account_id"]: row for row in self.data.current["crm__accounts"]}

    @cached_property
    def active(self) -> dict[int, set[date]]:
        return activity.active_days(self.data, self.identity, self.plan)

    @cached_property
    def trailing(self) -> dict[int, dict[date, set[int]]]:
        """Persons active in the trailing 1, 7 and 30 days."""
        return {window: activity.trailing(self.active, self.spine, window) for window in (1, 7, 30)}

    @cached_property
    def growth(self) -> dict[date, activity.Growth]:
        return activity.growth(self.active, self.spine, self.settings.churn_days)

    @cached_property
    def received_events(self) -> list[activity.ReceivedEvent]:
        return activity.received_events(self.data, self.plan)

    @cached_property
    def models(self) -> list[attribution.Model]:
        return [attribution.Model.read(row) for row in self.reference.attribution_models]

    @cached_property
    def conversions(self) -> list[attribution.Conversion]:
        found = []
        for lead in self.leads.values():
            if lead.qualified_at is not None:
                found.append(
                    attribution.Conversion(
                        "mql",
                        lead.lead_id,
                        lead.qualified_at,
                        self.settings.day_of(lead.qualified_at),
                        self.person_of_lead(lead),
                        0.0,
                    )
                )
        for deal in self.opportunities.values():
            if deal.won_at is not None:
                lead_person = (
                    None if deal.lead_id is None else self.person_of_lead(self.leads[deal.lead_id])
                )
                found.append(
                    attribution.Conversion(
                        "won_deal",
                        deal.opportunity_id,
                        deal.won_at,
                        self.settings.day_of(deal.won_at),
                        lead_person,
                        float(deal.amount or 0),
                    )
                )
        for order in self.orders.values():
            for kind in ("first_order", "order") if order.is_first else ("order",):
                found.append(
                    attribution.Conversion(
                        kind,
                        order.order_id,
                        order.ordered_at,
                        order.order_date,
                        order.person,
                        None if order.revenue is None else float(order.revenue),
                    )
                )
        return found

    @cached_property
    def credits(self) -> list[attribution.Credit]:
        return attribution.credits(self.conversions, self.touches, self.models)

    @cached_property
    def campaign_names(self) -> dict[str, str]:
        """The name that the last named spend row of a campaign gives."""
        rows = sorted(self.spend, key=lambda row: (row.spend_date, row.campaign_id))
        return {row.campaign: row.campaign_name for row in rows if row.campaign_name}

    def country_of_opportunity(self, deal: crm.Opportunity) -> str | None:
        """The country of its lead, else of its account."""
        lead = None if deal.lead_id is None else self.leads[deal.lead_id]
        account = self.accounts.get(deal.account_id or "", {})
        return (lead.country if lead else None) or account.get("country")

    def is_matched_to_user(self, lead: crm.Lead) -> bool | None:
        """Whether the lead is bound to a user; unknown where nobody is registered at all."""
        if all(person.registered_at is None for person in self.identity.persons):
            return None
        return lead.lead_id in self.bound_leads

    @cached_property
    def bound_leads(self) -> set[str]:
        """Leads with at least one user."""
        return {lead for lead, _ in self.identity.bindings}

    @cached_property
    def ordering_persons(self) -> set[int]:
        return {order.person for order in self.orders.values() if order.person is not None}

    @cached_property
    def ordering_accounts(self) -> set[str]:
        return {order.account_id for order in self.orders.values() if order.account_id is not None}

    def is_won_lead_matched(self, deal: crm.Opportunity) -> bool | None:
        """Whether the deal's lead, or its account, is known as a buyer; unknown without orders."""
        if not self.orders:
            return None
        lead = None if deal.lead_id is None else self.leads[deal.lead_id]
        if lead is not None and self.person_of_lead(lead) in self.ordering_persons:
            return True
        return deal.account_id in self.ordering_accounts

    @cached_property
    def first_touches(self) -> dict[int, datetime]:
        """The earliest touch of each person."""
        earliest: dict[int, datetime] = {}
        for touch in self.touches:
            if touch.person is not None:  # none is; the type does not say so
                known = earliest.get(touch.person, touch.touched_at)
                earliest[touch.person] = min(known, touch.touched_at)
        return earliest

    def has_journey(self, order: orders.Order) -> bool | None:
        """Whether the order's person has a touch at or before it; unknown without touches."""
        if not self.touches:
            return None
        first = None if order.person is None else self.first_touches.get(order.person)
        return first is not None and first <= order.ordered_at

    @cached_property
    def flags(self) -> dict[tuple[str, str, str], date]:
        """(entity, id, flag) of the rows that stay but deserve a look, with their day."""
        found = {}
        for order in self.orders.values():
            for flag, holds in (
                ("identical_order", order.has_identical),
                ("free_order", order.gmv == 0),
                ("refund_above_order", order.is_refunded_above),
                ("missing_currency_rate", order.has_missing_rate),
                ("unknown_cost", order.cogs is None),
            ):
                if holds:
                    found[("order", order.order_id, flag)] = order.order_date
        for deal in self.opportunities.values():
            if deal.has_missing_rate:
                found[("opportunity", deal.opportunity_id, "missing_currency_rate")] = (
                    self.settings.day_of(deal.created_at)
                )
            if deal.lead_id is None or deal.won_at is None:
                continue
            lead = self.leads[deal.lead_id]
            if deal.won_at < lead.created_at:
                found[("lead", deal.lead_id, "deal_before_lead")] = self.settings.day_of(
                    lead.created_at
                )
        delivered = {row["order_id"] for row in self.data.accepted["erp__orders"]}
        for refund in self.data.current["erp__refunds"]:
            if refund["order_id"] not in delivered:
                day = self.settings.day_of(refund["refunded_at"])
                found[("refund", refund["refund_id"], "unknown_order")] = day
        for spend in self.spend:
            if spend.has_missing_rate:
                key = f"{spend.campaign_id}|{spend.spend_date}"
                found[("spend", key, "missing_currency_rate")] = spend.spend_date
        return found

    def quarantine_counts(self) -> dict[tuple[str, str], int]:
        """Rows by (table, rule)."""
        found: dict[tuple[str, str], int] = {}
        for row in self.data.quarantined:
            for rule in row.rules:
                found[(row.table, rule)] = found.get((row.table, rule), 0) + 1
        return found

    def partition(self) -> set[frozenset[identity.Identifier]]:
        """The persons as sets of identifiers."""
        return {frozenset(person.members) for person in self.identity.persons}


def rows_of(tables: raw.RawTables, names: Iterable[str]) -> int:
    """How many raw rows the named tables hold."""
    return sum(len(tables.get(name, ())) for name in names)
