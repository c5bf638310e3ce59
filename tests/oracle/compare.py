"""Sets the oracle (plain Python) against the project (SQL), metric by metric and mart by mart."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from .company import Company
from .metrics import METRICS, metric
from .raw import cleaned
from .semantic_layer import SemanticLayer


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
    """A date for a midnight; anything else as it is."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value


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


def project_values(
    connection: duckdb.DuckDBPyConnection,
    layer: SemanticLayer,
    name: str,
    grain: str,
    dimension: str | None,
) -> dict[tuple[date | None, Any], Any]:
    """A metric as the semantic layer answers it."""
    time = () if grain == "total" else (f"metric_time__{grain}",)
    cut = () if dimension is None else (dimension,)
    result = connection.execute(layer.compile(name, time + cut))
    names = [column[0].lower() for column in result.description or ()]
    found: dict[tuple[date | None, Any], Any] = {}
    for row in result.fetchall():
        values = dict(zip(names, row, strict=True))
        key = (
            plain(values[time[0]]) if time else None,
            values[dimension] if dimension is not None else None,
        )
        if key in found:
            raise ValueError(f"{name} by {time + cut}: two rows for {key}")
        found[key] = values[name]
    return found


def metric_differences(
    connection: duckdb.DuckDBPyConnection,
    layer: SemanticLayer,
    company: Company,
    name: str,
    grain: str,
    dimension: str | None = None,
) -> list[Difference]:
    """Where a metric differs; of an additive one, no row and zero are the same in a slice."""
    is_additive = METRICS[name].is_additive and (grain, dimension) != ("total", None)

    def said(values: Mapping[Any, Any]) -> dict[Any, Any]:
        return {
            key: value
            for key, value in values.items()
            if value is not None and not (is_additive and value == 0)
        }

    expected = metric(company, name, grain, dimension)
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
            "source": cleaned(lead.source) or "(blank)",
            "landing_page": lead.landing_page,
            "country": lead.country or "unknown",
            "account_id": lead.account_id,
            "owner_id": lead.owner_id or "unknown",
            "created_at": lead.created_at,
            "created_date": day(lead.created_at),
            "qualified_at": lead.qualified_at,
            "qualified_date": day(lead.qualified_at),
            "opportunity_date": lead.opportunity_date,
            "won_date": lead.won_date,
            "is_matched_to_user": company.is_matched_to_user(lead),
        }
        for lead in company.leads.values()
    }


def _opportunities(company: Company) -> Records:
    day = company.day_of
    return {
        deal.opportunity_id: {
            "lead_id": deal.lead_id,
            "account_id": deal.account_id,
            "owner_id": deal.owner_id or "unknown",
            "country": company.country_of_opportunity(deal) or "unknown",
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
            "platform": order.platform or "unknown",
            "country": order.country or "unknown",
            "units": order.units,
            "list_amount": order.list_amount,
            "discount_amount": order.discount_amount,
            "gmv_amount": order.gmv,
            "refund_amount": order.refunds,
            "revenue_amount": order.revenue,
            "cogs_amount": order.cogs,
            "gross_profit_amount": order.gross_profit,
            "is_first_order": order.is_first,
            "has_identical_order": order.has_identical,
            "has_journey": company.has_journey(order),
            "order_date": order.order_date,
            "ordered_at": order.ordered_at,
        }
        for order in company.orders.values()
    }


def _order_lines(company: Company) -> Records:
    return {
        line.order_line_id: {
            "order_id": order.order_id,
            "product_id": line.product_id,
            "category": line.category,
            "brand": line.brand,
            "quantity": line.quantity,
            "gmv_amount": line.gmv,
            "cogs_amount": line.cogs,
            "order_date": order.order_date,
        }
        for order in company.orders.values()
        for line in order.lines
    }


def _refunds(company: Company) -> Records:
    return {
        refund.refund_id: {
            "order_id": order.order_id,
            "refund_amount": refund.amount,
            "requested_amount": refund.requested,
            "refund_date": company.day_of(refund.refunded_at),
            "refunded_at": refund.refunded_at,
        }
        for order in company.orders.values()
        for refund in order.refund_rows
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
            if not equal(value, actual[name][column]):
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
        ("fct_order_lines", "order_line_id", _order_lines(company)),
        ("fct_refunds", "refund_id", _refunds(company)),
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
            (touch.touch_id, touch.touched_at, touch.channel, touch.campaign)
            for touch in company.touches
            if touch.person is not None
        ),
        Counter(
            (row["touch_id"], row["touched_at"], row["channel"], row["campaign"])
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
    found += attribution_day_differences(connection, company, relation)
    return found


def attribution_day_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Which days, channels and campaigns have a row, also where nothing was credited."""
    headline = company.settings.attribution_headline_conversion_type
    expected = {
        (
            credit.conversion.kind,
            credit.model,
            credit.conversion.day,
            credit.channel,
            credit.campaign,
            company.identity.segment_of(credit.conversion.person),
        )
        for credit in company.credits
    }
    kinds = {conversion.kind for conversion in company.conversions} & {headline, "order"}
    if kinds:
        paid = company.reference.paid_channels
        reached = {(row.spend_date, row.channel, row.campaign) for row in company.spend}
        reached |= {
            (company.settings.day_of(touch.touched_at), touch.channel, touch.campaign)
            for touch in company.touches
            if paid[touch.channel]
        }
        nobody = company.identity.segment_of(None)
        expected |= {
            (kind, model.name, *reach, nobody)
            for kind in kinds
            for reach in reached
            for model in company.models
        }
    segments = _segments(connection, relation)
    actual = {
        (
            row["conversion_type"],
            row["attribution_model"],
            row["conversion_date"],
            row["channel"],
            row["campaign"],
            segments[row["segment_id"]],
        )
        for row in _rows(connection, relation("fct_attribution_daily"))
    }
    return _differences(
        "fct_attribution_daily rows", dict.fromkeys(expected, True), dict.fromkeys(actual, True)
    )


def _segments(
    connection: duckdb.DuckDBPyConnection, relation: Callable[[str], str]
) -> dict[Any, tuple[str, ...]]:
    return {
        row["segment_id"]: tuple(
            row[part] for part in ("first_channel", "country", "customer_type", "home_platform")
        )
        for row in _rows(connection, relation("dim_segments"))
    }


def growth_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Trailing actives and growth accounting by day and segment."""
    segments = _segments(connection, relation)
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
            dict.fromkeys(company.tracked_days, True),
            dict.fromkeys(days, True),
        ),
    ]


def quarantine_differences(
    connection: duckdb.DuckDBPyConnection, company: Company, relation: Callable[[str], str]
) -> list[Difference]:
    """Broken rows by table and rule, and the source rows as the raw layer read them."""

    def known(row: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, "(hidden)" if name in ("email", "phone") else str(value))
            for name, value in row.items()
            if value is not None
        )

    expected: Counter[Any] = Counter()
    for broken in company.data.quarantined:
        for rule in broken.rules:
            expected[(broken.table, rule, known(broken.raw))] += 1
    actual: Counter[Any] = Counter()
    for row in _rows(connection, relation("fct_quarantined_rows")):
        source = json.loads(row["source_row"])
        table = row["source_table"].replace(".", "__")
        actual[(table, row["rule"], known(source))] += 1
    return _differences("fct_quarantined_rows", expected, actual)
