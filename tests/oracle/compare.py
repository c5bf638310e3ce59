"""Sets the oracle (plain Python) against the project (SQL), metric by metric and mart by mart."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from .company import Company
from .metrics import METRICS, metric
from .raw import trimmed
from .semantic_layer import SemanticLayer

# The oracle's name of a dimension -> its names in the semantic layer, the first that exists.
DIMENSION_NAMES: dict[str, tuple[str, ...]] = {
    "channel": ("channel",),
    "is_paid": ("channel__is_paid",),
    "campaign": ("campaign",),
    "lead_country": ("lead__country",),
    "lead_owner": ("lead__owner_id",),
    "opportunity_owner": ("opportunity__owner_id",),
    "sales_channel": ("order__sales_channel",),
    "order_platform": ("order__platform",),
    "order_country": ("order__country",),
    "segment_first_channel": ("segment__first_channel",),
    "segment_country": ("segment__country",),
    "segment_customer_type": ("segment__customer_type",),
    "segment_home_platform": ("segment__home_platform",),
    "account_industry": ("account__industry",),
    "account_size": ("account__account_size",),
    "event_name": ("event_quality__event_name", "event_name", "event__event_name"),
}


@dataclass(frozen=True)
class Difference:
    """One value on which the two sides disagree."""

    where: str
    key: Any
    oracle: Any
    project: Any

    def __str__(self) -> str:
        return f"{self.where} {self.key}: oracle {self.oracle!r}, project {self.project!r}"


def plain(value: Any) -> Any:
    """Dates for midnights, and one spelling of what is not known."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value


def member(value: Any) -> Any:
    """A dimension member; null, unknown and blank are the same member."""
    return "unknown" if value is None or value == "(blank)" else value


def equal(expected: Any, actual: Any) -> bool:
    """Counts and money exactly, floats to 1e-9."""
    if expected is None or actual is None:
        return expected is actual
    if isinstance(expected, float) or isinstance(actual, float):
        return math.isclose(float(expected), float(actual), rel_tol=1e-9, abs_tol=1e-9)
    return bool(expected == actual)


def _differences(
    where: str, expected: Mapping[Any, Any], actual: Mapping[Any, Any]
) -> list[Difference]:
    return [
        Difference(where, key, expected.get(key), actual.get(key))
        for key in sorted(expected.keys() | actual.keys(), key=repr)
        if not equal(expected.get(key), actual.get(key))
    ]


# --------------------------------------------------------------------------- metrics


def group_by_name(layer: SemanticLayer, name: str, dimension: str) -> str | None:
    """The semantic layer's name of a dimension, if the metric can be cut by it there."""
    offered = layer.dimensions(name)
    return next((known for known in DIMENSION_NAMES[dimension] if known in offered), None)


def answers(layer: SemanticLayer, name: str, grain: str) -> bool:
    """Whether the metric answers at the grain; the total is asked of all."""
    return grain == "total" or grain in layer.meta[name]["grains"]


def project_values(
    connection: duckdb.DuckDBPyConnection,
    layer: SemanticLayer,
    name: str,
    grain: str,
    dimension: str | None,
) -> dict[tuple[date | None, Any], Any]:
    """A metric as the semantic layer answers it."""
    group_by = () if grain == "total" else (f"metric_time__{grain}",)
    known = None if dimension is None else group_by_name(layer, name, dimension)
    if known is not None:
        group_by = (*group_by, known)
    elif dimension is not None:
        raise KeyError(f"{name} cannot be cut by {dimension} in the semantic layer")
    result = connection.execute(layer.compile(name, group_by))
    names = [column[0].lower() for column in result.description or ()]
    found: dict[tuple[date | None, Any], Any] = {}
    for row in result.fetchall():
        values = dict(zip(names, row, strict=True))
        period = None if grain == "total" else plain(values[f"metric_time__{grain}"])
        cut = None if known is None else member(values[known])
        if (period, cut) in found:
            raise ValueError(f"{name} by {group_by}: two rows for {period}, {cut}")
        found[(period, cut)] = values[name]
    return found


def metric_differences(
    connection: duckdb.DuckDBPyConnection,
    layer: SemanticLayer,
    company: Company,
    name: str,
    grain: str,
    dimension: str | None = None,
) -> list[Difference]:
    """Where a metric differs; of an additive one, no row and zero are the same."""
    is_additive = METRICS[name].is_additive

    def said(values: Mapping[Any, Any]) -> dict[Any, Any]:
        return {
            key: value
            for key, value in values.items()
            if value is not None and not (is_additive and value == 0)
        }

    expected = {
        (period, None if dimension is None else member(cut)): value
        for (period, cut), value in metric(company, name, grain, dimension).items()
    }
    actual = project_values(connection, layer, name, grain, dimension)
    where = f"{name} by {grain}" + (f" and {dimension}" if dimension else "")
    return _differences(where, said(expected), said(actual))


# --------------------------------------------------------------------------- marts


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    result = connection.execute(f"select * from {relation}")
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


Records = dict[Any, dict[str, Any]]


def _leads(company: Company) -> Records:
    day = company.day_of
    return {
        lead.lead_id: {
            "channel": lead.channel,
            "campaign": lead.campaign,
            "source": lead.source and lead.source.strip().lower(),
            "landing_page": lead.landing_page,
            "country": lead.country,
            "account_id": lead.account_id,
            "owner_id": lead.owner_id,
            "created_at": lead.created_at,
            "created_date": day(lead.created_at),
            "qualified_at": lead.qualified_at,
            "qualified_date": day(lead.qualified_at),
            "opportunity_date": lead.opportunity_date,
            "won_date": lead.won_date,
            "is_matched_to_user": lead.lead_id in company.lead_has_user,
        }
        for lead in company.leads.values()
    }


def _opportunities(company: Company) -> Records:
    day = company.day_of
    return {
        deal.opportunity_id: {
            "lead_id": deal.lead_id,
            "account_id": deal.account_id,
            "owner_id": deal.owner_id,
            "outcome": deal.outcome,
            "amount": deal.amount,
            "created_at": deal.created_at,
            "proposal_at": deal.proposal_at,
            "negotiation_at": deal.negotiation_at,
            "closed_at": deal.closed_at,
            "created_date": day(deal.created_at),
            "proposal_date": day(deal.proposal_at),
            "negotiation_date": day(deal.negotiation_at),
            "closed_date": day(deal.closed_at),
        }
        for deal in company.opportunities.values()
    }


def _orders(company: Company) -> Records:
    return {
        order.order_id: {
            "account_id": order.account_id,
            "sales_channel": order.sales_channel,
            "platform": order.platform,
            "country": order.country,
            "list_amount": order.list_amount,
            "discount_amount": order.discount_amount,
            "gmv_amount": order.gmv,
            "refund_amount": order.refunds,
            "revenue_amount": order.revenue,
            "cogs_amount": order.cogs,
            "gross_profit_amount": order.gross_profit,
            "is_first_order": order.is_first,
            "has_identical_order": order.has_identical,
            "has_journey": order.order_id in company.orders_with_journey,
            "order_date": order.order_date,
            "ordered_at": order.ordered_at,
        }
        for order in company.orders.values()
    }


def _record_differences(
    connection: duckdb.DuckDBPyConnection, relation: str, key: str, expected: Records
) -> list[Difference]:
    actual = {row[key]: row for row in _rows(connection, relation)}
    found = _differences(
        f"{relation} rows", dict.fromkeys(expected, True), dict.fromkeys(actual, True)
    )
    for name in expected.keys() & actual.keys():
        for column, value in expected[name].items():
            if not equal(member(value), member(actual[name][column])):
                found.append(Difference(f"{relation}.{column}", name, value, actual[name][column]))
    return found


def identity_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Persons as sets of identifiers, their attributes, and what the guards took out."""
    persons: dict[Any, set[tuple[str, str]]] = {}
    homeless = set()
    for row in _rows(connection, relation("int_identities")):
        identifier = (row["identifier_type"], row["identifier_id"])
        if row["person_id"] is None:
            homeless.add(identifier)
        else:
            persons.setdefault(row["person_id"], set()).add(identifier)
    actual = {frozenset(members): person for person, members in persons.items()}
    expected = {frozenset(person.members): person for person in company.identity.persons}
    found = _differences("persons", dict.fromkeys(expected, True), dict.fromkeys(actual, True))
    blocked = company.identity.first_seen.keys() - company.identity.person_of.keys()
    found += _differences(
        "identifiers without a person",
        dict.fromkeys(blocked, True),
        dict.fromkeys(homeless, True),
    )
    described = {row["person_id"]: row for row in _rows(connection, relation("dim_persons"))}
    for members in expected.keys() & actual.keys():
        person, row = expected[members], described.get(actual[members], {})
        for column, value in {
            "first_channel": person.first_channel,
            "country": person.country,
            "customer_type": person.customer_type,
            "home_platform": person.home_platform,
            "first_seen_at": person.first_seen_at,
            "registered_at": person.registered_at,
            "is_human": person.is_human,
        }.items():
            if not equal(value, row.get(column)):
                found.append(
                    Difference(f"dim_persons.{column}", sorted(members), value, row.get(column))
                )
    found += _differences(
        "bindings",
        dict.fromkeys(company.identity.bindings, True),
        {
            (row["lead_id"], row["user_id"]): True
            for row in _rows(connection, relation("dim_lead_users"))
        },
    )
    for model, key, value, primary in (
        ("dim_leads_to_users", "lead_id", "user_id", company.identity.primary_user),
        ("dim_users_to_leads", "user_id", "lead_id", company.identity.primary_lead),
    ):
        found += _differences(
            model,
            primary,
            {
                row[key]: row[value]
                for row in _rows(connection, relation(model))
                if row[value] is not None
            },
        )
    return found


def _credits(company: Company) -> Mapping[Any, float]:
    """Credit per conversion, model and touch; a touch is known by its start and channel."""
    found: defaultdict[Any, float] = defaultdict(float)
    for credit in company.credits:
        if credit.credit:
            key = (
                credit.conversion.kind,
                credit.conversion.conversion_id,
                credit.model,
                credit.channel,
                credit.campaign,
            )
            found[key] += credit.credit
    return found


def mart_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Where the marts differ row by row; `relation` gives a model's place by its name."""
    found = identity_differences(connection, company, relation)
    for model, key, records in (
        ("fct_leads", "lead_id", _leads(company)),
        ("fct_opportunities", "opportunity_id", _opportunities(company)),
        ("fct_orders", "order_id", _orders(company)),
    ):
        found += _record_differences(connection, relation(model), key, records)

    credits: defaultdict[Any, float] = defaultdict(float)
    for row in _rows(connection, relation("fct_attribution_credits")):
        if row["credit"]:
            conversion = (row["conversion_type"], row["conversion_id"])
            credits[(*conversion, row["attribution_model"], row["channel"], row["campaign"])] += (
                row["credit"]
            )
    found += _differences("fct_attribution_credits", _credits(company), credits)

    found += _differences(
        "fct_touchpoints",
        Counter(
            (touch.touched_at, touch.channel, touch.campaign)
            for touch in company.touches
            if touch.person is not None
        ),
        Counter(
            (row["touched_at"], row["channel"], row["campaign"])
            for row in _rows(connection, relation("fct_touchpoints"))
            if row["person_id"] is not None
        ),
    )
    found += growth_differences(connection, company, relation)
    found += quarantine_differences(connection, company, relation)
    found += _differences(
        "fct_flagged_rows",
        dict.fromkeys(company.flags, True),
        {
            (row["entity"], row["entity_id"], row["flag"]): True
            for row in _rows(connection, relation("fct_flagged_rows"))
        },
    )
    return found


def growth_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Trailing actives and growth accounting by day and segment."""
    segments = {
        row["segment_id"]: tuple(
            row[part] for part in ("first_channel", "country", "customer_type", "home_platform")
        )
        for row in _rows(connection, relation("dim_segments"))
    }
    actual: dict[Any, Any] = {}
    columns = (
        "dau",
        "wau",
        "mau",
        "new_users_active",
        "retained_users",
        "resurrected_users",
        "churned_users",
    )
    days = set()
    for row in _rows(connection, relation("fct_active_users_daily")):
        days.add(row["activity_date"])
        for column in columns:
            if row[column]:
                actual[(row["activity_date"], segments[row["segment_id"]], column)] = row[column]
    expected: Counter[Any] = Counter()
    for day in company.spine:
        change = company.growth[day]
        for column, persons in zip(
            columns,
            (
                *(company.trailing[window][day] for window in (1, 7, 30)),
                change.new,
                change.retained,
                change.resurrected,
                change.churned,
            ),
            strict=True,
        ):
            for person in persons:
                expected[(day, company.identity.segment_of(person), column)] += 1
    return [
        *_differences("fct_active_users_daily", expected, actual),
        *_differences(
            "fct_active_users_daily days",
            dict.fromkeys(company.spine if company.data.first_event_day else (), True),
            dict.fromkeys(days, True),
        ),
    ]


def quarantine_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Broken rows by table and rule, and the source rows themselves."""

    def known(values: Iterable[tuple[str, Any]]) -> frozenset[tuple[str, str]]:
        texts = ((name, trimmed(None if value is None else str(value))) for name, value in values)
        return frozenset((name, text) for name, text in texts if text is not None)

    expected: Counter[Any] = Counter()
    for broken in company.data.quarantined:
        for rule in broken.rules:
            expected[(broken.table, rule, known(broken.raw.items()))] += 1
    actual: Counter[Any] = Counter()
    for row in _rows(connection, relation("fct_quarantined_rows")):
        source = json.loads(row["source_row"])
        table = row["source_table"].replace(".", "__")
        actual[(table, row["rule"], known(source.items()))] += 1
    return _differences("fct_quarantined_rows", expected, actual)
