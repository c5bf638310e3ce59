"""Leads and opportunities (docs/semantics.md, section 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .raw import ChannelMap, Rates, RawData, RawRow, Row, Text, campaign_of

STAGE_ORDER = {"qualification": 0, "proposal": 1, "negotiation": 2, "lost": 3, "won": 4}


@dataclass
class Lead:
    """One valid lead: the survivor of its merge group."""

    lead_id: str
    members: tuple[str, ...]
    created_at: datetime
    channel: str
    campaign: str
    source: Text
    landing_page: Text
    country: Text
    account_id: Text
    owner_id: Text
    qualified_at: datetime | None = None
    opportunity_date: date | None = None
    won_date: date | None = None
    won_at: datetime | None = None


@dataclass
class Opportunity:
    """One valid opportunity."""

    opportunity_id: str
    created_at: datetime
    lead_id: Text
    account_id: Text
    owner_id: Text
    amount: Decimal | None
    has_missing_rate: bool
    proposal_at: datetime | None = None
    negotiation_at: datetime | None = None
    outcome: str = "open"
    closed_at: datetime | None = None
    first_entries: dict[str, datetime] = field(default_factory=dict)

    @property
    def won_at(self) -> datetime | None:
        return self.closed_at if self.outcome == "won" else None


@dataclass(frozen=True)
class MqlRules:
    """mql_rules.csv: the thresholds in force on a day."""

    rows: tuple[tuple[date, date | None, float, float], ...]

    @classmethod
    def read(cls, rows: Iterable[RawRow]) -> MqlRules:
        return cls(
            tuple(
                (
                    date.fromisoformat(row["valid_from"] or ""),
                    date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                    float(row["min_fit_score"] or ""),
                    float(row["min_intent_score"] or ""),
                )
                for row in rows
            )
        )

    def qualifies(self, day: date, fit: float | None, intent: float | None) -> bool:
        if fit is None or intent is None:
            return False
        return any(
            valid_from <= day
            and (valid_to is None or day <= valid_to)
            and fit >= min_fit
            and intent >= min_intent
            for valid_from, valid_to, min_fit, min_intent in self.rows
        )


def survivors(leads: dict[str, Row]) -> dict[str, str | None]:
    """The lead with which each lead counts; None where all on its path are deleted."""
    found: dict[str, str | None] = {}
    for start in leads:
        path: list[str] = []
        at: Text = start
        while at is not None and at in leads and at not in path:
            path.append(at)
            at = leads[at]["merged_into_lead_id"]
        survivor = None
        if at is not None and at in path:  # the path ran into a cycle
            cycle = path[path.index(at) :]
            survivor = min((name for name in cycle if not leads[name]["is_deleted"]), default=None)
            path = path[: path.index(at)]
        if survivor is None:
            alive = [name for name in path if not leads[name]["is_deleted"]]
            survivor = alive[-1] if alive else None
        found[start] = survivor
    return found


def valid_leads(data: RawData, channels: ChannelMap, rules: MqlRules) -> dict[str, Lead]:
    """Valid leads by lead_id, with the qualification."""
    rows = {row["lead_id"]: row for row in data.current["crm__leads"]}
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for name, survivor in survivors(rows).items():
        if survivor is not None:
            groups[survivor].append(rows[name])

    scores: defaultdict[str, list[Row]] = defaultdict(list)
    for score in data.current["crm__lead_scores"]:
        scores[score["lead_id"]].append(score)
    qualified: defaultdict[str, list[datetime]] = defaultdict(list)
    for status in data.current["crm__lead_statuses"]:
        if status["status"] == "qualified":
            qualified[status["lead_id"]].append(status["changed_at"])

    leads: dict[str, Lead] = {}
    for name, group in groups.items():
        survivor_row = rows[name]
        if survivor_row["is_test"]:
            continue
        group.sort(key=lambda row: (row["created_at"], row["lead_id"]))
        alive = [row for row in group if not row["is_deleted"]]
        earliest = alive[0]

        def own_or_earliest(
            column: str, own: Row = survivor_row, members: list[Row] = alive
        ) -> Text:
            return next((row[column] for row in (own, *members) if row[column]), None)

        lead = Lead(
            lead_id=name,
            members=tuple(row["lead_id"] for row in group),
            created_at=earliest["created_at"],
            channel=channels.channel(earliest["source"], earliest["medium"], "unknown"),
            campaign=campaign_of(earliest["campaign"]),
            source=earliest["source"],
            landing_page=earliest["landing_page"],
            country=own_or_earliest("country"),
            account_id=own_or_earliest("account_id"),
            owner_id=own_or_earliest("owner_id"),
        )
        group_scores = [score for member in lead.members for score in scores[member]]
        if group_scores:
            crossings = [
                score["scored_at"]
                for score in group_scores
                if rules.qualifies(
                    data.settings.day_of(score["scored_at"]),
                    score["fit_score"],
                    score["intent_score"],
                )
            ]
        else:
            crossings = [instant for member in lead.members for instant in qualified[member]]
        lead.qualified_at = min(crossings, default=None)
        leads[name] = lead
    return leads


def valid_opportunities(
    data: RawData, leads: dict[str, Lead], rates: Rates
) -> dict[str, Opportunity]:
    """Valid opportunities by id; marks on the leads when they reached one and won one."""
    rows = {row["lead_id"]: row for row in data.current["crm__leads"]}
    survivor_of = survivors(rows)
    by_account: defaultdict[str, list[Lead]] = defaultdict(list)
    for lead in leads.values():
        if lead.account_id is not None:
            by_account[lead.account_id].append(lead)
    entries: defaultdict[str, list[Row]] = defaultdict(list)
    for entry in data.current["crm__opportunity_stages"]:
        entries[entry["opportunity_id"]].append(entry)

    opportunities: dict[str, Opportunity] = {}
    for row in data.current["crm__opportunities"]:
        if row["is_test"]:
            continue
        if row["lead_id"] in rows:
            survivor = survivor_of[row["lead_id"]]
            primary = survivor if survivor in leads else None
        else:
            earlier = [
                lead
                for lead in by_account.get(row["account_id"], [])
                if lead.created_at <= row["created_at"]
            ]
            latest = max((lead.created_at for lead in earlier), default=None)
            primary = min(
                (lead.lead_id for lead in earlier if lead.created_at == latest), default=None
            )
        day = data.settings.day_of(row["created_at"])
        opportunity = Opportunity(
            opportunity_id=row["opportunity_id"],
            created_at=row["created_at"],
            lead_id=primary,
            account_id=row["account_id"]
            or (leads[primary].account_id if primary is not None else None),
            owner_id=row["owner_id"],
            amount=rates.convert(row["amount"], day, row["currency"]),
            has_missing_rate=row["amount"] is not None and rates.rate(day, row["currency"]) is None,
        )
        _follow_stages(opportunity, entries[row["opportunity_id"]])
        opportunities[opportunity.opportunity_id] = opportunity

    for opportunity in opportunities.values():
        if opportunity.lead_id is None:
            continue
        lead = leads[opportunity.lead_id]
        created = data.settings.day_of(opportunity.created_at)
        lead.opportunity_date = min(created, lead.opportunity_date or created)
        if opportunity.won_at is not None:
            won = data.settings.day_of(opportunity.won_at)
            lead.won_date = min(won, lead.won_date or won)
            lead.won_at = min(opportunity.won_at, lead.won_at or opportunity.won_at)
    return opportunities


def _follow_stages(opportunity: Opportunity, entries: list[Row]) -> None:
    for entry in entries:
        known = opportunity.first_entries.get(entry["stage"], entry["entered_at"])
        opportunity.first_entries[entry["stage"]] = min(known, entry["entered_at"])

    def first_of(*stages: str) -> datetime | None:
        reached = opportunity.first_entries
        return min((reached[stage] for stage in stages if stage in reached), default=None)

    opportunity.proposal_at = first_of("proposal", "negotiation", "won")
    opportunity.negotiation_at = first_of("negotiation", "won")
    if entries:
        last = max(entries, key=lambda entry: (entry["entered_at"], STAGE_ORDER[entry["stage"]]))
        if last["stage"] in ("won", "lost"):
            opportunity.outcome = last["stage"]
            opportunity.closed_at = last["entered_at"]
