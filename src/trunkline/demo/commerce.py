"""Orders, lines, payments, refunds, products and currency rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trunkline.demo import columns as col
from trunkline.demo import company
from trunkline.demo.calendar import DAY, HOUR, Calendar, next_hourly_load, next_nightly_load
from trunkline.demo.dice import I64, Bools, Dice
from trunkline.demo.people import People
from trunkline.demo.sales import NEVER, Deals, Leads
from trunkline.demo.schema import TABLES
from trunkline.demo.visits import (
    OFFLINE,
    ONLINE,
    PAID,
    PAID_CANCELLED,
    SUBMITTED,
    UNPAID_CANCELLED,
    OrderSeeds,
)

_CHANNELS = ("own_online", "marketplace", "offline", "sales_led")
SALES_LED = 3
_STATUSES = ("submitted", "paid", "on_terms", "cancelled")
_METHODS = ("card", "wallet", "bank_transfer")
_PRICE = ((0, 39), (0.5, 149), (0.85, 399), (1, 899))
_DISCOUNTS = (0, 10, 15, 25)
_DISCOUNT_WEIGHTS = (0.68, 0.15, 0.11, 0.06)
_RATE = 7.12


@dataclass(frozen=True)
class Orders:
    """One entry an order in every array, in order of time; -1 and ``NEVER`` read none."""

    ordered: I64
    user: I64
    account: I64
    deal: I64
    country: I64
    where: I64
    platform: I64
    outcome: I64
    currency: I64
    line_order: I64
    line_number: I64
    product: I64
    quantity: I64
    list_cents: I64
    discount_cents: I64
    cost_cents: I64

    def per_order(self, amounts: I64) -> I64:
        """Sums an amount of the lines by order."""
        totals = np.zeros(len(self.ordered), np.int64)
        np.add.at(totals, self.line_order, amounts)
        return totals


def prices(dice: Dice) -> tuple[I64, I64]:
    """List price and unit cost of every product, in cents of the reporting currency."""
    keys = np.arange(1, company.PRODUCTS + 1, dtype=np.int64)
    price = dice.curve("price_list", keys, _PRICE).astype(np.int64) * 100
    return price, price * dice.between("cost", keys, 42, 63) // 100


def make_orders(
    dice: Dice, people: People, seeds: OrderSeeds, leads: Leads, deals: Deals
) -> Orders:
    """Consumers' orders from their visits, firms' orders from won deals, in order of time."""
    won = np.flatnonzero(deals.won < NEVER).astype(np.int64)
    buyer = leads.person[deals.lead[won]]
    known = dice.chance("deal_user", won, 0.7)
    online = len(seeds.ordered)
    ordered = np.concatenate(
        [seeds.ordered, deals.won[won] + dice.between("deal_order", won, HOUR, 3 * DAY)]
    )
    person = np.concatenate([seeds.person, buyer])
    is_deal = np.arange(len(ordered)) >= online
    user = np.concatenate(
        [
            np.where(seeds.is_guest, -1, people.user[seeds.person]),
            np.where(known, people.user[buyer], -1),
        ]
    )
    deal = np.concatenate([np.full(online, -1), won])
    order = np.lexsort((deal, person, ordered))
    deal, person, ordered, is_deal = deal[order], person[order], ordered[order], is_deal[order]
    number = np.arange(len(order), dtype=np.int64)
    filler = np.full(len(won), -1, np.int64)

    extra = dice.uniform("lines", number)
    lines = np.where(is_deal, 1, 1 + (extra < 0.3) + (extra < 0.07)).astype(np.int64)
    line_order = np.repeat(number, lines)
    line_number = np.arange(len(line_order)) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    keys = line_order * 4 + line_number
    own = np.concatenate([seeds.product, 1 + won % company.PRODUCTS])[order]
    product = 1 + (own[line_order] - 1 + 11 * (line_number - 1)) % company.PRODUCTS
    currency = (people.country[person] != 0).astype(np.int64)
    price, cost = prices(dice)
    divisor = np.where(currency == 1, company.USD_PRICE_DIVISOR, 1)[line_order]
    unit = price[product - 1] // divisor // 10 * 10
    quantity = 1 + (dice.uniform("quantity", keys) < 0.18).astype(np.int64)
    amount = np.zeros(len(number), np.int64)
    amount[is_deal] = deals.cents[deal[is_deal]]
    of_deal = is_deal[line_order]
    quantity = np.where(of_deal, np.maximum(amount[line_order] // unit, 1), quantity)
    list_cents = np.where(of_deal, amount[line_order], unit * quantity)
    percent = np.asarray(_DISCOUNTS)[dice.pick("discount", number, _DISCOUNT_WEIGHTS)]
    percent = np.where(is_deal, 0, percent)[line_order]
    states_cost = of_deal | dice.chance("states_cost", keys, 0.25)
    unit_cost = np.where(
        of_deal, list_cents * 60 // 100 // quantity, cost[product - 1] // divisor * 103 // 100
    )
    return Orders(
        ordered=ordered,
        user=user[order],
        account=np.where(is_deal, deals.account[deal], -1),
        deal=deal,
        country=people.country[person],
        where=np.where(is_deal, SALES_LED, np.concatenate([seeds.where, filler])[order]),
        platform=np.where(is_deal, -1, np.concatenate([seeds.platform, filler])[order]),
        outcome=np.where(is_deal, PAID, np.concatenate([seeds.outcome, filler])[order]),
        currency=currency,
        line_order=line_order,
        line_number=line_number,
        product=product,
        quantity=quantity,
        list_cents=list_cents,
        discount_cents=list_cents * percent // 100,
        cost_cents=np.where(states_cost, unit_cost, -1),
    )


def erp_tables(
    dice: Dice, cal: Calendar, orders: Orders
) -> Mapping[str, Callable[[], Iterator[pa.Table]]]:
    """How to draw the ERP's raw tables, all versions."""
    number = np.arange(len(orders.ordered), dtype=np.int64)
    slow = dice.chance("slow_payer", number, 0.12)
    paid = orders.ordered + np.where(
        slow, dice.between("pays_late", number, HOUR, 20 * HOUR), 20 + number % 280
    )
    paid = np.where(
        orders.where == SALES_LED,
        orders.ordered + dice.between("terms", number, 20, 55) * DAY,
        paid,
    )
    paid = np.where(np.isin(orders.outcome, (UNPAID_CANCELLED, SUBMITTED)), NEVER, paid)
    return {
        "erp__orders": partial(_order_table, dice, orders, number, paid),
        "erp__order_lines": partial(_line_table, orders),
        "erp__payments": partial(_payment_table, dice, orders, number, paid),
        "erp__refunds": partial(_refund_table, dice, orders, number, paid),
        "erp__products": partial(_product_table, dice, cal),
        "erp__currency_rates": partial(_rate_table, dice, cal),
    }


def order_ids(number: I64) -> pa.Array:
    """Order ids; a negative number is null."""
    return col.ids("S", np.where(number < 0, -1, number + 1))


def _line_ids(order: I64, line: I64) -> pa.Array:
    lines = pc.cast(pa.array(line), pa.string())
    return pc.binary_join_element_wise(order_ids(order), lines, "-")


def _order_table(dice: Dice, orders: Orders, number: I64, paid: I64) -> Iterator[pa.Table]:
    """Versions: submitted, then paid or on terms, then cancelled; one load sees the last state."""
    first_load = next_hourly_load(orders.ordered)
    sales_led = orders.where == SALES_LED
    agreed = np.where(sales_led, orders.ordered + DAY, paid)
    cancelled = orders.ordered + dice.between("cancels", number, 4 * HOUR, 9 * DAY)
    cancels = np.isin(orders.outcome, (UNPAID_CANCELLED, PAID_CANCELLED))
    cancelled = np.where(
        cancels, np.maximum(cancelled, np.where(paid < NEVER, paid + DAY, 0)), NEVER
    )
    commit_load = np.where(agreed < NEVER, next_hourly_load(agreed), NEVER)
    settled = sales_led & (paid < NEVER)
    steps = (
        (commit_load != first_load, np.zeros(len(number), np.int64), first_load),
        (commit_load < NEVER, np.where(sales_led, 2, 1), commit_load),
        (cancels, np.full(len(number), 3), next_hourly_load(cancelled)),
        (settled, np.full(len(number), 1), next_nightly_load(paid)),
    )
    row = np.concatenate([number[mask] for mask, _, _ in steps])
    status = np.concatenate([codes[mask] for mask, codes, _ in steps])
    loaded = np.concatenate([when[mask] for mask, _, when in steps])
    list_cents = orders.per_order(orders.list_cents)
    discount = orders.per_order(orders.discount_cents)
    freight = np.where((list_cents < 20_000) & (orders.where == ONLINE), 800, 0)
    tax = (list_cents - discount) * 6 // 100

    def build(row: I64, status: I64, loaded: I64) -> pa.Table:
        return col.table(
            TABLES["erp__orders"],
            {
                "order_id": order_ids(row),
                "ordered_at": col.times(orders.ordered[row]),
                "status": col.labels(_STATUSES, status),
                "sales_channel": col.labels(_CHANNELS, orders.where[row]),
                "platform": col.labels(
                    company.PLATFORMS,
                    np.where(np.isin(orders.where, (ONLINE, OFFLINE)), orders.platform, -1)[row],
                ),
                "user_id": col.ids("U", orders.user[row]),
                "account_id": col.ids(
                    "A", np.where(orders.account < 0, -1, orders.account + 1)[row]
                ),
                "opportunity_id": col.ids("O", np.where(orders.deal < 0, -1, orders.deal + 1)[row]),
                "country": col.labels(company.COUNTRIES, orders.country[row]),
                "list_amount": col.money(list_cents[row]),
                "discount_amount": col.money(discount[row]),
                "freight_amount": col.money(freight[row]),
                "tax_amount": col.money(tax[row]),
                "currency": col.labels(company.CURRENCIES, orders.currency[row]),
                "is_test": col.flags(np.zeros(len(row), np.bool_)),
                "loaded_at": col.times(loaded),
            },
        )

    return col.in_parts(build, row, status, loaded)


def _line_table(orders: Orders) -> Iterator[pa.Table]:
    def build(line: I64) -> pa.Table:
        order, cost = orders.line_order[line], orders.cost_cents[line]
        return col.table(
            TABLES["erp__order_lines"],
            {
                "order_line_id": _line_ids(order, orders.line_number[line]),
                "order_id": order_ids(order),
                "product_id": col.ids("P", orders.product[line]),
                "quantity": col.counts(orders.quantity[line]),
                "list_amount": col.money(orders.list_cents[line]),
                "discount_amount": col.money(orders.discount_cents[line]),
                "unit_cost": col.money(cost, cost < 0),
                "loaded_at": col.times(next_hourly_load(orders.ordered[order])),
            },
        )

    return col.in_parts(build, np.arange(len(orders.line_order), dtype=np.int64))


def _payment_table(dice: Dice, orders: Orders, number: I64, paid: I64) -> Iterator[pa.Table]:
    done = number[paid < NEVER]
    failed = done[dice.chance("payment_fails", done, 0.07) & (orders.where[done] == ONLINE)]
    row = np.concatenate([failed, done])
    is_failed = np.arange(len(row)) < len(failed)
    moment = np.where(is_failed, orders.ordered[row] + 10, paid[row])
    net = orders.per_order(orders.list_cents - orders.discount_cents)
    gross = net + net * 6 // 100
    order = np.lexsort((~is_failed, row))
    row, failure, moment = row[order], is_failed[order].astype(np.int64), moment[order]

    def build(row: I64, failure: I64, moment: I64) -> pa.Table:
        transfer = orders.where[row] == SALES_LED
        return col.table(
            TABLES["erp__payments"],
            {
                "payment_id": col.ids("Y", np.arange(1, len(row) + 1)),
                "order_id": order_ids(row),
                "paid_at": col.times(moment),
                "amount": col.money(gross[row]),
                "currency": col.labels(company.CURRENCIES, orders.currency[row]),
                "status": col.labels(("succeeded", "failed"), failure),
                "method": col.labels(_METHODS, np.where(transfer, 2, row % 2)),
                "loaded_at": col.times(next_hourly_load(moment)),
            },
        )

    return col.in_parts(build, row, failure, moment)


def _refund_table(dice: Dice, orders: Orders, number: I64, paid: I64) -> Iterator[pa.Table]:
    """Refunds: a whole order, one line of it, or a part of the money without goods."""
    net = orders.list_cents - orders.discount_cents
    total = orders.per_order(net)
    lines = np.bincount(orders.line_order, minlength=len(number))
    eligible = (paid < NEVER) & (orders.where != SALES_LED) & (orders.outcome == PAID)
    rate = np.where(orders.currency == 0, 0.075, 0.06)
    row = number[eligible & (total > 0) & dice.chance("refunds", number, rate)]
    kind = dice.pick("refund_kind", row, (0.45, 0.35, 0.2))  # whole, one line, money only
    first_line = np.searchsorted(orders.line_order, row)
    refunded = paid[row] + (
        dice.curve("refund_wait", row, ((0, 0.4), (0.6, 9), (0.9, 30), (1, 48))) * DAY
    ).astype(np.int64)
    amount = np.where(
        kind == 0, total[row], np.where(kind == 1, net[first_line], total[row] * 3 // 10)
    )
    by_line = (kind == 1) | ((kind == 0) & (lines[row] == 1))
    returned: Bools = kind < 2
    whole = orders.per_order(orders.quantity)[row]
    units = np.where(by_line, orders.quantity[first_line], whole)
    restocked = returned & dice.chance("restocks", row, 0.7)
    yield col.table(
        TABLES["erp__refunds"],
        {
            "refund_id": col.ids("R", np.arange(1, len(row) + 1)),
            "order_id": order_ids(row),
            "order_line_id": _line_ids(
                np.where(kind == 1, row, -1), np.ones(len(row), dtype=np.int64)
            ),
            "refunded_at": col.times(refunded),
            "amount": col.money(amount),
            "quantity_returned": col.counts(np.where(returned, units, 0)),
            "is_restocked": col.flags(restocked),
            "loaded_at": col.times(next_nightly_load(refunded)),
        },
    )


def _product_table(dice: Dice, cal: Calendar) -> Iterator[pa.Table]:
    """Products; every eighth is repriced halfway."""
    keys = np.arange(1, company.PRODUCTS + 1, dtype=np.int64)
    repriced = keys[keys % 8 == 3]
    row = np.concatenate([keys, repriced])
    version = (np.arange(len(row)) >= len(keys)).astype(np.int64)
    price, cost = prices(dice)
    launched = cal.midnights()[0, 0] - (keys * 5 % 60) * DAY
    names = [
        f"{company.PRODUCT_WORDS[key % len(company.PRODUCT_WORDS)]} {1 + key // 8}" for key in keys
    ]
    start = cal.midnights()[0, 0]
    yield col.table(
        TABLES["erp__products"],
        {
            "product_id": col.ids("P", row),
            "product_name": col.labels(names, row - 1),
            "category": col.labels(company.CATEGORIES, row % len(company.CATEGORIES)),
            "brand": col.labels(company.BRANDS, row % len(company.BRANDS)),
            "list_price": col.money(price[row - 1] + version * 1_000),
            "unit_cost": col.money(cost[row - 1]),
            "launched_at": col.times(launched[row - 1]),
            "loaded_at": col.times(start + 900 + version * (cal.days // 2) * DAY),
        },
    )


def _rate_table(dice: Dice, cal: Calendar) -> Iterator[pa.Table]:
    """Daily rates of the dollar; one day is missing."""
    day = np.arange(cal.days, dtype=np.int64)
    day = day[day != cal.index_of(company.MISSING_RATE_DATE)]
    wave = np.interp(day % 90, (0, 30, 60, 90), (-0.03, 0.05, -0.02, -0.03))
    rate = np.round((_RATE + wave + dice.uniform("rate", day) * 0.02) * 10_000).astype(np.int64)
    yield col.table(
        TABLES["erp__currency_rates"],
        {
            "rate_date": col.dates(cal.epoch_days()[day]),
            "currency": col.constant("USD", len(day)),
            "rate": col.fixed(rate * 10_000, col.ARROW_TYPES["decimal(18,8)"]),
            "loaded_at": col.times(cal.midnights()[0, day] + 9 * HOUR),
        },
    )
