"""Orders, refunds, cost (docs/semantics.md, section 5) and ad spend."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .identity import Identity
from .raw import ChannelMap, Rates, RawData, Row, Text, campaign_of, cents, times

ZERO = Decimal(0)


@dataclass
class Order:
    """One valid order, its amounts in the reporting currency."""

    order_id: str
    ordered_at: datetime
    order_date: date
    user_id: Text
    account_id: Text
    person: int | None
    customer_key: tuple[str, object]
    buyer_key: tuple[str, object]
    sales_channel: str
    platform: Text
    country: Text
    currency: Text
    raw_list: Decimal
    raw_discount: Decimal
    units: int | None  # null without lines
    has_missing_rate: bool
    list_amount: Decimal | None
    discount_amount: Decimal | None
    gmv: Decimal | None
    refunds: Decimal | None = None  # capped
    revenue: Decimal | None = None
    cogs: Decimal | None = None
    gross_profit: Decimal | None = None
    is_first: bool = False
    has_identical: bool = False
    is_refunded_above: bool = False


@dataclass(frozen=True)
class Spend:
    """One day of one ad campaign."""

    spend_date: date
    campaign_id: str
    campaign_name: Text
    channel: str
    campaign: str
    impressions: int
    clicks: int
    amount: Decimal | None
    has_missing_rate: bool


def is_valid_order(row: Row) -> bool:
    """Committed, not cancelled, not a test."""
    committed = row["status"] == "paid" or (
        row["status"] == "on_terms" and row["sales_channel"] == "sales_led"
    )
    return committed and not row["is_test"]


def valid_orders(data: RawData, identity: Identity, rates: Rates) -> dict[str, Order]:
    """Valid orders by id."""
    lines: defaultdict[str, list[Row]] = defaultdict(list)
    for line in data.current["erp__order_lines"]:
        lines[line["order_id"]].append(line)
    orders: dict[str, Order] = {}
    for row in data.current["erp__orders"]:
        if not is_valid_order(row):
            continue
        day = data.settings.day_of(row["ordered_at"])
        person = identity.person(("user", row["user_id"])) if row["user_id"] else None
        own = ("order", row["order_id"])
        own_lines = lines[row["order_id"]]
        buyer = ("person", person) if person is not None else own
        discount = row["discount_amount"] or ZERO
        listed = rates.convert(row["list_amount"], day, row["currency"])
        discounted = rates.convert(discount, day, row["currency"])
        orders[row["order_id"]] = Order(
            order_id=row["order_id"],
            ordered_at=row["ordered_at"],
            order_date=day,
            user_id=row["user_id"],
            account_id=row["account_id"],
            person=person,
            customer_key=("account", row["account_id"]) if row["account_id"] else buyer,
            buyer_key=buyer,
            sales_channel=row["sales_channel"] or "own_online",
            platform=row["platform"],
            country=row["country"],
            currency=row["currency"] or data.settings.reporting_currency,
            raw_list=row["list_amount"],
            raw_discount=discount,
            units=sum(line["quantity"] for line in own_lines) if own_lines else None,
            has_missing_rate=listed is None,
            list_amount=listed,
            discount_amount=discounted,
            gmv=None if listed is None or discounted is None else listed - discounted,
        )
    refunds: defaultdict[str, list[Row]] = defaultdict(list)
    for refund in data.current["erp__refunds"]:
        if refund["order_id"] in orders:
            refunds[refund["order_id"]].append(refund)
    costs = {row["product_id"]: row["unit_cost"] for row in data.current["erp__products"]}

    for order in orders.values():
        _settle(order, refunds[order.order_id], lines[order.order_id], costs, rates)
    _mark_first_orders(orders)
    _mark_identical_orders(orders)
    return orders


def _settle(
    order: Order,
    refunds: list[Row],
    lines: list[Row],
    product_costs: dict[str, Decimal | None],
    rates: Rates,
) -> None:
    """Refunds, revenue, cost and profit of one order."""
    if order.gmv is not None:
        given_back = ZERO
        for refund in refunds:
            amount = rates.convert(refund["amount"], order.order_date, order.currency)
            given_back += amount or ZERO
        cap = max(order.gmv, ZERO)
        order.is_refunded_above = given_back > cap
        order.refunds = min(given_back, cap)
        order.revenue = order.gmv - order.refunds

    restocked: defaultdict[str, int] = defaultdict(int)
    for refund in refunds:
        if not refund["is_restocked"] or not refund["quantity_returned"]:
            continue
        if refund["order_line_id"] is not None:
            restocked[refund["order_line_id"]] += refund["quantity_returned"]
        elif len(lines) == 1:
            restocked[lines[0]["order_line_id"]] += refund["quantity_returned"]
    rate = rates.rate(order.order_date, order.currency)
    total: Decimal | None = ZERO if lines else None
    for line in lines:
        cost: Decimal | None
        if line["unit_cost"] is not None:
            cost = None if rate is None else times(line["unit_cost"], rate)
        else:
            cost = product_costs.get(line["product_id"])
        if cost is None:
            total = None
            break
        assert total is not None
        kept = line["quantity"] - min(restocked[line["order_line_id"]], line["quantity"])
        total += times(cost, Decimal(kept))
    order.cogs = None if total is None else cents(total)
    if order.revenue is not None and order.cogs is not None:
        order.gross_profit = order.revenue - order.cogs


def _mark_first_orders(orders: dict[str, Order]) -> None:
    seen = set()
    for order in sorted(orders.values(), key=lambda order: (order.ordered_at, order.order_id)):
        order.is_first = order.customer_key not in seen
        seen.add(order.customer_key)


def _mark_identical_orders(orders: dict[str, Order]) -> None:
    seen = set()
    for order in sorted(orders.values(), key=lambda order: order.order_id):
        if order.user_id is None and order.account_id is None:
            continue
        twin = (
            order.user_id,
            order.account_id,
            order.ordered_at,
            order.raw_list,
            order.raw_discount,
            order.currency,
            order.units,
        )
        order.has_identical = twin in seen
        seen.add(twin)


def ad_spend(data: RawData, channels: ChannelMap, rates: Rates) -> list[Spend]:
    """Spend by day and campaign."""
    return [
        Spend(
            spend_date=row["spend_date"],
            campaign_id=row["campaign_id"],
            campaign_name=row["campaign_name"],
            channel=channels.channel(row["source"], row["medium"], "unknown"),
            campaign=campaign_of(row["campaign"] or row["campaign_id"]),
            impressions=row["impressions"] or 0,
            clicks=row["clicks"] or 0,
            amount=rates.convert(row["spend"] or ZERO, row["spend_date"], row["currency"]),
            has_missing_rate=rates.rate(row["spend_date"], row["currency"]) is None,
        )
        for row in data.current["ads__daily_spend"]
    ]
