"""Orders, refunds, cost (docs/semantics.md, section 5) and ad spend."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .identity import Identity
from .raw import ChannelMap, Rates, RawData, Row, Text, campaign_of, cents, times

ZERO = Decimal(0)


@dataclass(frozen=True)
class Refund:
    """One refund of a valid order: asked for, and given back within the order's goods value."""

    refund_id: str
    refunded_at: datetime
    requested: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Line:
    """One line of a valid order."""

    order_line_id: str
    product_id: Text
    category: str
    brand: str
    quantity: int
    gmv: Decimal | None
    cogs: Decimal | None


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
    refund_rows: list[Refund] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


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
    products = {row["product_id"]: row for row in data.current["erp__products"]}

    for order in orders.values():
        _give_back(order, refunds[order.order_id], rates)
        _cost(order, refunds[order.order_id], lines[order.order_id], products, rates)
    _mark_first_orders(orders)
    _mark_identical_orders(orders)
    return orders


def _give_back(order: Order, refunds: list[Row], rates: Rates) -> None:
    """Refunds of one order: the earlier one first, together at most the goods value."""
    left = None if order.gmv is None else max(order.gmv, ZERO)
    asked = given = ZERO
    for row in sorted(refunds, key=lambda row: (row["refunded_at"], row["refund_id"])):
        requested = rates.convert(row["amount"], order.order_date, order.currency)
        amount = None
        if left is not None and requested is not None:
            amount = min(requested, left)
            left -= amount
            asked += requested
            given += amount
        order.refund_rows.append(Refund(row["refund_id"], row["refunded_at"], requested, amount))
    if order.gmv is not None:
        order.is_refunded_above = asked > max(order.gmv, ZERO)
        order.refunds = given
        order.revenue = order.gmv - given


def _cost(
    order: Order,
    refunds: list[Row],
    lines: list[Row],
    products: dict[str, Row],
    rates: Rates,
) -> None:
    """Lines, cost and profit of one order."""
    restocked: defaultdict[str, int] = defaultdict(int)
    for refund in refunds:
        if not refund["is_restocked"] or not refund["quantity_returned"]:
            continue
        if refund["order_line_id"] is not None:
            restocked[refund["order_line_id"]] += refund["quantity_returned"]
        elif len(lines) == 1:
            restocked[lines[0]["order_line_id"]] += refund["quantity_returned"]
    rate = rates.rate(order.order_date, order.currency)
    costs: list[Decimal | None] = []
    for row in lines:
        product = products.get(row["product_id"] or "", {})
        unit_cost: Decimal | None = product.get("unit_cost")
        if row["unit_cost"] is not None:
            unit_cost = None if rate is None else times(row["unit_cost"], rate)
        kept = row["quantity"] - min(restocked[row["order_line_id"]], row["quantity"])
        cost = None if unit_cost is None else times(unit_cost, Decimal(kept))
        own = (row["list_amount"] or ZERO) - (row["discount_amount"] or ZERO)
        order.lines.append(
            Line(
                order_line_id=row["order_line_id"],
                product_id=row["product_id"],
                category=product.get("category") or "unknown",
                brand=product.get("brand") or "unknown",
                quantity=row["quantity"],
                gmv=rates.convert(own, order.order_date, order.currency),
                cogs=None if cost is None else cents(cost),
            )
        )
        costs.append(cost)
    known = [cost for cost in costs if cost is not None]
    if lines and len(known) == len(lines):
        order.cogs = cents(sum(known[1:], known[0]))
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
