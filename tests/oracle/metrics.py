"""The metrics, at any grain and by any one dimension, over a `Company`.

A value is an int for counts, a Decimal for money, a float for ratios and attributed amounts, and
None where the metric has no value. Keys are (first day of the period or None for the total,
dimension member or None without a dimension).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .company import Company
from .identity import SEGMENT_PARTS
from .raw import DAY, cleaned

GRAINS = ("day", "week", "month", "quarter", "year", "total")

Key = tuple[date | None, Any]
Value = int | float | Decimal | None
Values = dict[Key, Value]


def period_of(day: date, grain: str) -> date | None:
    """The first day of the period that holds the day."""
    match grain:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case "total":
            return None
    raise ValueError(f"unknown grain {grain!r}")


@dataclass(frozen=True)
class Record:
    """One row of a fact: its day, its dimensions, and what is added up or counted."""

    day: date
    dimensions: Mapping[str, Any]
    value: Any


Measure = Callable[[Company], Iterable[Record]]

# --------------------------------------------------------------------------- dimensions

# Names and members as in the semantic layer: what is blank reads unknown, what is absent is null.

SEGMENT = tuple(f"segment__{part}" for part in SEGMENT_PARTS)
ACCOUNT = ("account__industry", "account__account_size")
MARKETING = ("channel", "channel__is_paid", "campaign", "campaign__campaign_name")
LEAD = (
    *MARKETING,
    "lead__country",
    "lead__owner",
    "lead__source",
    "lead__landing_page",
    *SEGMENT,
    *ACCOUNT,
)
OPPORTUNITY = (*MARKETING, "opportunity__owner", "opportunity__country", *SEGMENT, *ACCOUNT)
STAGE_ENTRY = (
    "stage_entry__stage",
    "stage_entry__is_implied",
    "opportunity__owner",
    "opportunity__country",
)
FUNNEL = ("funnel_step__stage", "channel", "channel__is_paid", *SEGMENT)
OWN_ONLINE = ("order__platform", "order__country", "order__is_first_order", *SEGMENT)
ORDER = (
    *OWN_ONLINE,
    "order__sales_channel",
    "order__is_free_order",
    "order__has_identical_order",
    *ACCOUNT,
)
CREDIT = (*MARKETING, *SEGMENT)
EVENT = ("event_delivery__event_name", "event_delivery__platform")
FLAG = ("flagged_row__flag", "flagged_row__entity")

UNKNOWN = "unknown"


def _segment(company: Company, person: int | None) -> dict[str, Any]:
    return dict(zip(SEGMENT, company.identity.segment_of(person), strict=True))


def _channel(company: Company, channel: str, campaign: str) -> dict[str, Any]:
    return {
        "channel": channel,
        "channel__is_paid": company.reference.paid_channels.get(channel),
        "campaign": campaign,
        "campaign__campaign_name": company.campaign_names.get(campaign, campaign),
    }


def _account(company: Company, account_id: str | None) -> dict[str, Any]:
    row = company.accounts.get(account_id or "")
    if row is None:
        return dict.fromkeys(ACCOUNT)
    return {
        "account__industry": row["industry"] or UNKNOWN,
        "account__account_size": row["segment"] or UNKNOWN,
    }


def _lead_dimensions(company: Company) -> dict[str, dict[str, Any]]:
    return {
        lead.lead_id: {
            **_channel(company, lead.channel, lead.campaign),
            "lead__country": lead.country or UNKNOWN,
            "lead__owner": lead.owner_id or UNKNOWN,
            "lead__source": cleaned(lead.source) or "(blank)",
            "lead__landing_page": lead.landing_page,
            **_segment(company, company.person_of_lead(lead)),
            **_account(company, lead.account_id),
        }
        for lead in company.leads.values()
    }


def _opportunity_dimensions(company: Company) -> dict[str, dict[str, Any]]:
    found = {}
    for deal in company.opportunities.values():
        lead = None if deal.lead_id is None else company.leads[deal.lead_id]
        person = None if lead is None else company.person_of_lead(lead)
        found[deal.opportunity_id] = {
            **_channel(
                company,
                lead.channel if lead else UNKNOWN,
                lead.campaign if lead else "(none)",
            ),
            "opportunity__owner": deal.owner_id or UNKNOWN,
            "opportunity__country": company.country_of_opportunity(deal) or UNKNOWN,
            **_segment(company, person),
            **_account(company, deal.account_id),
        }
    return found


def _order_dimensions(company: Company) -> dict[str, dict[str, Any]]:
    return {
        order.order_id: {
            "order__sales_channel": order.sales_channel,
            "order__platform": order.platform or UNKNOWN,
            "order__country": order.country or UNKNOWN,
            "order__is_first_order": order.is_first,
            "order__is_free_order": order.gmv == 0,
            "order__has_identical_order": order.has_identical,
            **_segment(company, order.person),
            **_account(company, order.account_id),
        }
        for order in company.orders.values()
    }


# --------------------------------------------------------------------------- measures


def _spend(column: str) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        for row in company.spend:
            yield Record(
                row.spend_date,
                _channel(company, row.channel, row.campaign),
                getattr(row, column),
            )

    return measure


def _leads(
    day: Callable[[Company, Any], date | None], value: Callable[[Company, Any], int | None]
) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        dimensions = _lead_dimensions(company)
        for lead in company.leads.values():
            on = day(company, lead)
            if on is not None:
                yield Record(on, dimensions[lead.lead_id], value(company, lead))

    return measure


def _opportunities(
    day: Callable[[Company, Any], date | None], value: Callable[[Company, Any], int | None]
) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        dimensions = _opportunity_dimensions(company)
        for deal in company.opportunities.values():
            on = day(company, deal)
            if on is not None:
                yield Record(on, dimensions[deal.opportunity_id], value(company, deal))

    return measure


def _orders(
    value: Callable[[Company, Any], Any], where: Callable[[Any], bool] = lambda order: True
) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        dimensions = _order_dimensions(company)
        for order in company.orders.values():
            if where(order):
                yield Record(order.order_date, dimensions[order.order_id], value(company, order))

    return measure


def _one(company: Company, row: Any) -> int:
    return 1


def _created(company: Company, row: Any) -> date:
    return company.settings.day_of(row.created_at)


def _qualified(company: Company, lead: Any) -> date | None:
    return company.day_of(lead.qualified_at)


def _proposed(company: Company, deal: Any) -> date | None:
    return company.day_of(deal.proposal_at)


def _negotiated(company: Company, deal: Any) -> date | None:
    return company.day_of(deal.negotiation_at)


def _closed(company: Company, deal: Any) -> date | None:
    return company.day_of(deal.closed_at)


def _won(company: Company, deal: Any) -> date | None:
    return company.day_of(deal.won_at)


@dataclass(frozen=True)
class Cohort:
    """Whoever entered something, by the day; mature days only, except in `entered`."""

    reached: Measure
    mature: Measure
    is_mature: Measure  # 1 or 0 of everyone who entered
    entered: Measure


def _cohort(
    build: Callable[..., Measure],
    entered: Callable[[Company, Any], date | None],
    reached: Callable[[Company, Any], date | None],
    window: Callable[[Company], int],
) -> Cohort:
    def mature(company: Company, row: Any) -> date | None:
        day = entered(company, row)
        if day is None or company.data.as_of is None:
            return None
        return day if day + DAY * window(company) <= company.data.as_of else None

    def is_reached(company: Company, row: Any) -> int:
        day, target = entered(company, row), reached(company, row)
        assert day is not None
        return int(target is not None and target <= day + DAY * window(company))

    def is_mature(company: Company, row: Any) -> int:
        return int(mature(company, row) is not None)

    return Cohort(
        reached=build(mature, is_reached),
        mature=build(mature, _one),
        is_mature=build(entered, is_mature),
        entered=build(entered, _one),
    )


def _credits(model: str | None, column: str, kind: str | None = None) -> Measure:
    """Credit of a model (None: the headline one) for a type (None: the headline one)."""

    def measure(company: Company) -> Iterable[Record]:
        name = model or company.settings.attribution_headline_model
        wanted = kind or company.settings.attribution_headline_conversion_type
        for credit in company.credits:
            if credit.model == name and credit.conversion.kind == wanted:
                yield Record(
                    credit.conversion.day,
                    {
                        **_channel(company, credit.channel, credit.campaign),
                        **_segment(company, credit.conversion.person),
                    },
                    getattr(credit, column),
                )

    return measure


def _registrations(company: Company) -> Iterable[Record]:
    for number, person in enumerate(company.identity.persons):
        if person.is_human and person.registered_at is not None:
            yield Record(
                company.settings.day_of(person.registered_at), _segment(company, number), 1
            )


def _retention(day_number: int) -> Cohort:
    def cohort(company: Company, value: str) -> Iterable[Record]:
        for number, person in enumerate(company.identity.persons):
            if not person.is_human or person.registered_at is None:
                continue
            registered = company.settings.day_of(person.registered_at)
            target = registered + DAY * day_number
            mature = target in company.tracked_days
            segment = _segment(company, number)
            if value == "is_mature":
                yield Record(registered, segment, int(mature))
            elif mature:
                retained = target in company.active.get(number, set())
                yield Record(registered, segment, int(retained) if value == "reached" else 1)

    return Cohort(
        reached=lambda company: cohort(company, "reached"),
        mature=lambda company: cohort(company, "mature"),
        is_mature=lambda company: cohort(company, "is_mature"),
        entered=_registrations,
    )


def _active_on(window: int) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        for day in company.tracked_days:
            for person in company.trailing[window][day]:
                yield Record(day, _segment(company, person), 1)

    return measure


def _active_or_zero_on(window: int) -> Measure:
    """Trailing actives, and a 0 for every tracked day."""

    def measure(company: Company) -> Iterable[Record]:
        yield from _active_on(window)(company)
        if company.data.first_event_day is not None:
            for day in company.tracked_days:
                yield Record(day, _segment(company, None), 0)

    return measure


def _with_history(measure: Measure) -> Measure:
    """Only the days with a full history of 30 days."""

    def filtered(company: Company) -> Iterable[Record]:
        first = company.data.first_event_day
        if first is None:
            return
        for record in measure(company):
            if record.day >= first + DAY * 29:
                yield record

    return filtered


def _active_persons(company: Company) -> Iterable[Record]:
    for person, days in company.active.items():
        for day in days:
            yield Record(day, _segment(company, person), person)


def _received(valid_only: bool) -> Measure:
    def measure(company: Company) -> Iterable[Record]:
        for event in company.received_events:
            value = int(event.is_valid) if valid_only else 1
            members = (event.event_name or UNKNOWN, event.platform or UNKNOWN)
            yield Record(event.day, dict(zip(EVENT, members, strict=True)), value)

    return measure


def _flagged(company: Company) -> Iterable[Record]:
    for (entity, _, flag), day in company.flags.items():
        yield Record(day, {"flagged_row__flag": flag, "flagged_row__entity": entity}, 1)


def _stage_entries(company: Company) -> Iterable[Record]:
    """First entries of each opportunity; a later stage implies the ones before it."""
    dimensions = _opportunity_dimensions(company)
    for deal in company.opportunities.values():
        entries = deal.first_entries
        for stage, at, implied in (
            ("opportunity", deal.created_at, False),
            ("proposal", deal.proposal_at, entries.get("proposal") != deal.proposal_at),
            ("negotiation", deal.negotiation_at, entries.get("negotiation") != deal.negotiation_at),
            (deal.outcome, deal.closed_at, False),
        ):
            if at is not None:
                yield Record(
                    company.settings.day_of(at),
                    dimensions[deal.opportunity_id]
                    | {"stage_entry__stage": stage, "stage_entry__is_implied": implied},
                    1,
                )


def _funnel(company: Company) -> Iterable[Record]:
    """Stages that each lead reached; a deal implies that the lead was qualified."""
    dimensions = _lead_dimensions(company)
    deals: defaultdict[str | None, list[Any]] = defaultdict(list)
    for deal in company.opportunities.values():
        deals[deal.lead_id].append(deal)
    for lead in company.leads.values():
        own = deals[lead.lead_id]
        for stage, is_reached in (
            ("lead", True),
            ("mql", lead.qualified_at is not None or bool(own)),
            ("opportunity", bool(own)),
            ("proposal", any(deal.proposal_at is not None for deal in own)),
            ("negotiation", any(deal.negotiation_at is not None for deal in own)),
            ("won", any(deal.won_at is not None for deal in own)),
        ):
            yield Record(
                company.settings.day_of(lead.created_at),
                dimensions[lead.lead_id] | {"funnel_step__stage": stage},
                int(is_reached),
            )


# --------------------------------------------------------------------------- aggregation


def _grouped(
    measure: Measure, company: Company, grain: str, dimension: str | None
) -> dict[Key, list[Any]]:
    groups: defaultdict[Key, list[Any]] = defaultdict(list)
    for record in measure(company):
        member = None if dimension is None else record.dimensions[dimension]
        groups[(period_of(record.day, grain), member)].append(record.value)
    return dict(groups)


def _sums(measure: Measure, company: Company, grain: str, dimension: str | None) -> Values:
    sums: Values = {}
    for key, values in _grouped(measure, company, grain, dimension).items():
        known = [value for value in values if value is not None]
        sums[key] = sum(known[1:], known[0]) if known else None
    return sums


@dataclass(frozen=True)
class Metric:
    """One metric: how it is computed, and by what it may be cut."""

    compute: Callable[[Company, str, str | None], Values]
    dimensions: tuple[str, ...]
    grains: tuple[str, ...] = GRAINS
    is_additive: bool = True  # no row means zero; of a ratio it means no value


def _sum(measure: Measure, dimensions: tuple[str, ...]) -> Metric:
    return Metric(lambda *query: _sums(measure, *query), dimensions)


def _ratio(
    numerator: Measure,
    denominator: Measure,
    dimensions: tuple[str, ...],
    *,
    missing_numerator: int | None = None,
    null_at_zero: bool = False,
    less: int = 0,
) -> Metric:
    """numerator / denominator - less; null without a denominator.

    A numerator without any row reads `missing_numerator`; `null_at_zero` makes a zero numerator
    null as well.
    """

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        above = _sums(numerator, company, grain, dimension)
        below = _sums(denominator, company, grain, dimension)
        found: Values = {}
        for key in above.keys() | below.keys():
            top, bottom = above.get(key), below.get(key)
            if top is None:
                top = missing_numerator
            if top is None or not bottom or (null_at_zero and not top):
                found[key] = None
            else:
                found[key] = float(top) / float(bottom) - less
        return found

    return Metric(compute, dimensions, is_additive=False)


def _distinct(measure: Measure, dimensions: tuple[str, ...]) -> Metric:
    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        groups = _grouped(measure, company, grain, dimension)
        return {key: len(set(values)) for key, values in groups.items()}

    return Metric(compute, dimensions)


def _or_zero(distinct: Metric) -> Metric:
    """A count of nobody in total reads 0."""

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        found = distinct.compute(company, grain, dimension)
        return found or ({(None, None): 0} if (grain, dimension) == ("total", None) else {})

    return Metric(compute, distinct.dimensions)


def _average_day(measure: Measure, dimensions: tuple[str, ...]) -> Metric:
    """The sum over the days of the spine, divided by their number; null without any event."""

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        if company.data.first_event_day is None:
            return {}
        days: defaultdict[date | None, int] = defaultdict(int)
        for day in company.tracked_days:
            days[period_of(day, grain)] += 1
        sums = _sums(measure, company, grain, dimension)
        if dimension is None:
            sums = {(period, None): 0 for period in days} | sums
        return {key: float(value or 0) / days[key[0]] for key, value in sums.items()}

    return Metric(compute, dimensions)


def _days(dimensions: tuple[str, ...]) -> Metric:
    """The days of the spine, once there are events; every segment has them all."""

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        if company.data.first_event_day is None:
            return {}
        persons = (None, *range(len(company.identity.persons)))
        segments = [_segment(company, person) for person in persons]
        members = {None if dimension is None else segment[dimension] for segment in segments}
        found: defaultdict[Key, int] = defaultdict(int)
        for day in company.tracked_days:
            for member in members:
                found[(period_of(day, grain), member)] += 1
        return dict(found)

    return Metric(compute, dimensions)


def _last_day(measure: Measure, dimensions: tuple[str, ...]) -> Metric:
    """The value of the period's last day of the spine; null without any event."""

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        if company.data.first_event_day is None:
            return {}
        last = {period_of(day, grain): day for day in company.tracked_days}
        by_day = _sums(measure, company, "day", dimension)
        found: Values = {}
        if dimension is None:
            found = {(period, None): 0 for period in last}
        for period, day in last.items():
            for (on, member), value in by_day.items():
                if on == day:
                    found[(period, member)] = value
        return found

    return Metric(compute, dimensions)


def _calendar_month(dimensions: tuple[str, ...]) -> Metric:
    """Distinct persons of the last complete month of the period; null without any event."""

    def compute(company: Company, grain: str, dimension: str | None) -> Values:
        if company.data.first_event_day is None:
            return {}
        months: dict[date, set[date]] = {}
        for day in company.tracked_days:
            start = day.replace(day=1)
            following = (start + DAY * 31).replace(day=1)
            if company.data.as_of is not None and following - DAY <= company.data.as_of:
                months.setdefault(start, set()).add(day)
        last = {period_of(start, grain): start for start in sorted(months)}
        groups = _grouped(_active_persons, company, "month", dimension)
        found: Values = {}
        if dimension is None:
            found = {(period, None): 0 for period in last}
        for period, start in last.items():
            for (month, member), persons in groups.items():
                if month == start:
                    found[(period, member)] = len(set(persons))
        return found

    return Metric(compute, dimensions, ("month", "quarter", "year", "total"))


# --------------------------------------------------------------------------- the list

_SPEND = _spend("amount")
_CLICKS = _spend("clicks")
_LEADS = _leads(_created, _one)
_MQLS = _leads(_qualified, _one)
_ORDER_COUNT = _orders(_one)
_VALUED_ORDERS = _orders(lambda company, order: int(not order.has_missing_rate))
_GMV = _orders(lambda company, order: order.gmv)
_REVENUE = _orders(lambda company, order: order.revenue)


def _valued_clicks(company: Company) -> Iterable[Record]:
    """Clicks of the campaign days whose spend could be converted."""
    for row in company.spend:
        clicks = 0 if row.has_missing_rate else row.clicks
        yield Record(row.spend_date, _channel(company, row.channel, row.campaign), clicks)


def _paid_leads(company: Company) -> Iterable[Record]:
    return (record for record in _LEADS(company) if record.dimensions["channel__is_paid"])


def _is_outcome(outcome: str) -> Callable[[Company, Any], int]:
    return lambda company, deal: int(deal.outcome == outcome)


def _clicks_beside_leads(company: Company) -> Iterable[Record]:
    return _CLICKS(company) if company.leads else ()


def _spend_beside_orders(company: Company) -> Iterable[Record]:
    return _SPEND(company) if company.orders else ()


def _is_own_online(order: Any) -> bool:
    return bool(order.sales_channel == "own_online")


_LEADS_WON = _leads(_created, lambda company, lead: int(lead.won_date is not None))
_LEADS_MATCHED = _leads(_created, lambda company, lead: company.is_matched_to_user(lead))
_WON_DEALS = _opportunities(_won, _one)
_WON_MATCHED = _opportunities(_won, lambda company, deal: company.is_won_lead_matched(deal))
_BUYERS = _distinct(_orders(lambda company, order: order.buyer_key), ORDER)
_ACTIVE_USERS = _distinct(_active_persons, SEGMENT)
_OWN_ONLINE = _orders(_one, _is_own_online)
_WITH_JOURNEY = _orders(lambda company, order: company.has_journey(order), _is_own_online)

METRICS: dict[str, Metric] = {
    "ad_spend": _sum(_SPEND, MARKETING),
    "ad_impressions": _sum(_spend("impressions"), MARKETING),
    "ad_clicks": _sum(_CLICKS, MARKETING),
    "ctr": _ratio(_CLICKS, _spend("impressions"), MARKETING),
    "valued_ad_clicks": _sum(_valued_clicks, MARKETING),
    "cpc": _ratio(_SPEND, _valued_clicks, MARKETING),
    "leads": _sum(_LEADS, LEAD),
    "paid_channel_leads": _sum(_paid_leads, LEAD),
    "ad_clicks_beside_leads": _sum(_clicks_beside_leads, MARKETING),
    "click_to_lead_rate": _ratio(_paid_leads, _clicks_beside_leads, MARKETING, missing_numerator=0),
    "mqls": _sum(_MQLS, LEAD),
    "cpl": _ratio(_SPEND, _LEADS, MARKETING, null_at_zero=True),
    "cost_per_mql": _ratio(_SPEND, _MQLS, MARKETING),
    "opportunities": _sum(_opportunities(_created, _one), OPPORTUNITY),
    "proposals": _sum(_opportunities(_proposed, _one), OPPORTUNITY),
    "negotiations": _sum(_opportunities(_negotiated, _one), OPPORTUNITY),
    "won_deals": _sum(_opportunities(_closed, _is_outcome("won")), OPPORTUNITY),
    "lost_deals": _sum(_opportunities(_closed, _is_outcome("lost")), OPPORTUNITY),
    "closed_deals": _sum(_opportunities(_closed, _one), OPPORTUNITY),
    "win_rate": _ratio(
        _opportunities(_closed, _is_outcome("won")), _opportunities(_closed, _one), OPPORTUNITY
    ),
    "stage_entries": _sum(_stage_entries, STAGE_ENTRY),
    "funnel_leads": _sum(_funnel, FUNNEL),
    "leads_won_to_date": _sum(_LEADS_WON, LEAD),
    "lead_to_won_rate_to_date": _ratio(_LEADS_WON, _LEADS, LEAD),
    "orders": _sum(_ORDER_COUNT, ORDER),
    "gmv": _sum(_GMV, ORDER),
    "online_gmv": _sum(_orders(lambda company, order: order.gmv, _is_own_online), OWN_ONLINE),
    "revenue": _sum(_REVENUE, ORDER),
    "gross_profit": _sum(_orders(lambda company, order: order.gross_profit), ORDER),
    "valued_orders": _sum(_VALUED_ORDERS, ORDER),
    "aov": _ratio(_REVENUE, _VALUED_ORDERS, ORDER),
    "gmv_per_order": _ratio(_GMV, _VALUED_ORDERS, ORDER),
    "buyers": _BUYERS,
    "buyers_or_zero": _or_zero(_BUYERS),
    "new_customers": _sum(_orders(_one, lambda order: order.is_first), ORDER),
    "dnu": _sum(_registrations, SEGMENT),
    "dau": _average_day(_active_on(1), SEGMENT),
    "wau": _last_day(_active_on(7), SEGMENT),
    "mau": _last_day(_active_on(30), SEGMENT),
    "mau_calendar": _calendar_month(SEGMENT),
    "active_users": _ACTIVE_USERS,
    "active_users_or_zero": _or_zero(_ACTIVE_USERS),
    "active_person_days": _sum(_active_or_zero_on(1), SEGMENT),
    "activity_days": _or_zero(_days(SEGMENT)),
    "full_history_active_person_days": _sum(_with_history(_active_or_zero_on(1)), SEGMENT),
    "full_history_mau_days": _sum(_with_history(_active_or_zero_on(30)), SEGMENT),
    "stickiness": _ratio(
        _with_history(_active_on(1)), _with_history(_active_on(30)), SEGMENT, missing_numerator=0
    ),
    "leads_matched_to_user": _sum(_LEADS_MATCHED, LEAD),
    "identity_match_rate": _ratio(_LEADS_MATCHED, _LEADS, LEAD),
    "won_deals_matched": _sum(_WON_MATCHED, OPPORTUNITY),
    "won_lead_match_rate": _ratio(_WON_MATCHED, _WON_DEALS, OPPORTUNITY),
    "own_online_orders": _sum(
        _orders(lambda company, order: int(_is_own_online(order))), OWN_ONLINE
    ),
    "own_online_orders_with_journey": _sum(_WITH_JOURNEY, OWN_ONLINE),
    "order_journey_match_rate": _ratio(_WITH_JOURNEY, _OWN_ONLINE, OWN_ONLINE),
    "events_received": _sum(_received(False), EVENT),
    "events_valid": _sum(_received(True), EVENT),
    "event_validity_rate": _ratio(_received(True), _received(False), EVENT),
    "flagged_rows": _sum(_flagged, FLAG),
}


def _add_cohort(
    rate: str, mature: str, reached: str, cohort: Cohort, dimensions: tuple[str, ...]
) -> None:
    """A cohort rate, both its sides, and the share of the entered that is mature."""
    METRICS[rate] = _ratio(cohort.reached, cohort.mature, dimensions)
    METRICS[reached] = _sum(cohort.reached, dimensions)
    METRICS[mature] = _sum(cohort.is_mature, dimensions)
    METRICS[f"{rate}_mature_share"] = _ratio(cohort.is_mature, cohort.entered, dimensions)


_add_cohort(
    "mql_rate",
    "leads_mature_for_mql",
    "leads_reached_mql_in_window",
    _cohort(_leads, _created, _qualified, lambda company: company.settings.mql_window_days),
    LEAD,
)
_add_cohort(
    "lead_to_opportunity_rate",
    "leads_mature_for_opportunity",
    "leads_reached_opportunity_in_window",
    _cohort(
        _leads,
        _created,
        lambda company, lead: lead.opportunity_date,
        lambda company: company.settings.lead_to_opportunity_window_days,
    ),
    LEAD,
)
_add_cohort(
    "lead_to_won_rate",
    "leads_mature_for_won",
    "leads_reached_won_in_window",
    _cohort(
        _leads,
        _created,
        lambda company, lead: lead.won_date,
        lambda company: company.settings.lead_to_won_window_days,
    ),
    LEAD,
)
_add_cohort(
    "opportunity_to_proposal_rate",
    "opportunities_mature_for_proposal",
    "opportunities_reached_proposal_in_window",
    _cohort(
        _opportunities,
        _created,
        _proposed,
        lambda company: company.settings.opportunity_to_proposal_window_days,
    ),
    OPPORTUNITY,
)
_add_cohort(
    "proposal_to_negotiation_rate",
    "proposals_mature_for_negotiation",
    "proposals_reached_negotiation_in_window",
    _cohort(
        _opportunities,
        _proposed,
        _negotiated,
        lambda company: company.settings.proposal_to_negotiation_window_days,
    ),
    OPPORTUNITY,
)
_add_cohort(
    "negotiation_to_won_rate",
    "negotiations_mature_for_won",
    "negotiations_reached_won_in_window",
    _cohort(
        _opportunities,
        _negotiated,
        _won,
        lambda company: company.settings.negotiation_to_won_window_days,
    ),
    OPPORTUNITY,
)
_add_cohort(
    "opportunity_to_won_rate",
    "opportunities_mature_for_won",
    "opportunities_reached_won_in_window",
    _cohort(
        _opportunities,
        _created,
        _won,
        lambda company: company.settings.opportunity_to_won_window_days,
    ),
    OPPORTUNITY,
)
for _number in (1, 3, 7, 30):
    _add_cohort(
        f"retention_d{_number}",
        f"mature_users_d{_number}",
        f"retained_users_d{_number}",
        _retention(_number),
        SEGMENT,
    )

for _suffix, _model in (
    ("", None),
    ("_first_touch", "first_touch"),
    ("_last_touch", "last_touch"),
    ("_linear", "linear"),
    ("_position_based", "position_based"),
    ("_time_decay", "time_decay"),
):
    METRICS[f"attributed_conversions{_suffix}"] = _sum(_credits(_model, "credit"), CREDIT)
    METRICS[f"attributed_revenue{_suffix}"] = _sum(_credits(_model, "revenue", "order"), CREDIT)
    METRICS[f"channel_roi{_suffix}"] = _ratio(
        _credits(_model, "revenue", "order"), _spend_beside_orders, MARKETING, missing_numerator=0
    )
for _name, _kind in (
    ("attributed_mqls", "mql"),
    ("attributed_won_deals", "won_deal"),
    ("attributed_first_orders", "first_order"),
):
    METRICS[_name] = _sum(_credits(None, "credit", _kind), CREDIT)
METRICS["channel_net_roi"] = _ratio(
    _credits(None, "revenue", "order"), _spend_beside_orders, MARKETING, missing_numerator=0, less=1
)


def metric(
    company: Company, name: str, grain: str = "total", dimension: str | None = None
) -> Values:
    """The values of one metric by period and, if given, one dimension."""
    definition = METRICS[name]
    if grain not in definition.grains:
        raise ValueError(f"{name} has no grain {grain!r}")
    if dimension is not None and dimension not in definition.dimensions:
        raise ValueError(f"{name} has no dimension {dimension!r}")
    return definition.compute(company, grain, dimension)
