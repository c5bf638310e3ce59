"""Rows that break the contract on purpose, one rule each.

Events break in ``visits``, where they are many; the other tables get a few rows a rule, more in
larger companies. A repeated key is the exact repetition of a row that stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trunkline.demo.book import Row
from trunkline.demo.calendar import DAY, HOUR, Calendar, iso
from trunkline.demo.schema import TABLES

_ROWS_PER_FAULT = 4_000
_MOST_PER_FAULT = 50


@dataclass(frozen=True)
class BrokenRow:
    """One broken row.

    Attributes:
        table: Table name.
        rule: The rule that it breaks.
        column: The column that breaks it, blank for a repeated key.
        row: Its text values.
    """

    table: str
    rule: str
    column: str
    row: Row

    def rule_when_typed(self) -> str:
        """The rule in a typed file: there, a text that does not convert arrives as null.

        Returns:
            The rule, blank if the row is then in order.
        """
        if self.rule != "bad_type":
            return self.rule
        column = next(item for item in TABLES[self.table].columns if item.name == self.column)
        return "missing_value" if column.required else ""


# table -> a sound row, and (rule, column, value); {then} is
# an instant, {day} its date, {later} an instant after the load, {later_day} its date
_TEMPLATES: Mapping[str, tuple[Row, tuple[tuple[str, str, str | None], ...]]] = {
    "crm__leads": (
        {"lead_id": "LB{n}", "created_at": "{then}", "source": "google", "medium": "cpc"},
        (
            ("missing_value", "lead_id", None),
            ("missing_value", "created_at", None),
            ("bad_type", "created_at", "yesterday"),
            ("bad_type", "is_test", "maybe"),
            ("future_timestamp", "created_at", "{later}"),
            ("duplicate_key", "", None),
        ),
    ),
    "crm__lead_statuses": (
        {"lead_id": "LB{n}", "status": "working", "changed_at": "{then}"},
        (("unknown_enum", "status", "lukewarm"), ("duplicate_key", "", None)),
    ),
    "crm__lead_scores": (
        {"lead_id": "LB{n}", "scored_at": "{then}", "fit_score": "55", "intent_score": "45"},
        (("bad_type", "fit_score", "high"), ("missing_value", "scored_at", None)),
    ),
    "crm__accounts": (
        {"account_id": "AB{n}", "created_at": "{then}", "industry": "retail"},
        (("missing_value", "account_id", None), ("duplicate_key", "", None)),
    ),
    "crm__opportunities": (
        {"opportunity_id": "OB{n}", "created_at": "{then}", "amount": "9000.00"},
        (("out_of_range", "amount", "-500.00"), ("bad_type", "amount", "9k")),
    ),
    "crm__opportunity_stages": (
        {"opportunity_id": "OB{n}", "stage": "proposal", "entered_at": "{then}"},
        (
            ("unknown_enum", "stage", "verbal_yes"),
            ("future_timestamp", "entered_at", "{later}"),
            ("duplicate_key", "", None),
        ),
    ),
    "cdp__users": (
        {"user_id": "UB{n}", "registered_at": "{then}", "platform": "web"},
        (
            ("missing_value", "user_id", None),
            ("bad_type", "registered_at", "31/02/2026"),
            ("unknown_enum", "platform", "fridge"),
            ("future_timestamp", "registered_at", "{later}"),
        ),
    ),
    "cdp__identity_links": (
        {
            "left_type": "lead", "left_id": "LB0", "right_type": "user", "right_id": "UB{n}",
            "method": "crm_sync", "linked_at": "{then}",
        },
        (
            ("missing_value", "left_id", None),
            ("unknown_enum", "right_type", "cookie"),
            ("duplicate_key", "", None),
        ),
    ),
    "ads__daily_spend": (
        {
            "spend_date": "{day}", "campaign_id": "CB{n}", "source": "google", "medium": "cpc",
            "campaign": "brand_search", "impressions": "900", "clicks": "20", "spend": "30.00",
            "currency": "USD",
        },
        (
            ("bad_type", "impressions", "1.2k"),
            ("out_of_range", "clicks", "-4"),
            ("missing_value", "source", None),
            ("future_timestamp", "spend_date", "{later_day}"),
            ("duplicate_key", "", None),
        ),
    ),
    "erp__orders": (
        {
            "order_id": "SB{n}", "ordered_at": "{then}", "status": "paid",
            "list_amount": "100.00", "currency": "CNY",
        },
        (
            ("missing_value", "order_id", None),
            ("bad_type", "ordered_at", "2026-02-30T10:00:00Z"),
            ("unknown_enum", "status", "shipped"),
            ("out_of_range", "list_amount", "-100.00"),
            ("future_timestamp", "ordered_at", "{later}"),
            ("duplicate_key", "", None),
        ),
    ),
    "erp__order_lines": (
        {"order_line_id": "SB{n}-1", "order_id": "SB{n}", "product_id": "P3", "quantity": "1"},
        (
            ("out_of_range", "quantity", "-1"),
            ("bad_type", "quantity", "1.5"),
            ("missing_value", "order_id", None),
        ),
    ),
    "erp__refunds": (
        {"refund_id": "RB{n}", "order_id": "SB{n}", "refunded_at": "{then}", "amount": "10.00"},
        (("out_of_range", "amount", "-10.00"), ("missing_value", "order_id", None)),
    ),
    "erp__payments": (
        {
            "payment_id": "YB{n}", "order_id": "SB{n}", "paid_at": "{then}", "amount": "106.00",
            "status": "succeeded",
        },
        (("unknown_enum", "status", "pending"), ("duplicate_key", "", None)),
    ),
    "erp__products": (
        {"product_id": "PB{n}", "product_name": "Trial bag", "unit_cost": "20.00"},
        (("out_of_range", "unit_cost", "-20.00"),),
    ),
    "erp__currency_rates": (
        {"rate_date": "{day}", "currency": "B{n}", "rate": "7.1"},
        (("out_of_range", "rate", "0"), ("bad_type", "rate", "seven")),
    ),
}  # fmt: skip


def broken_rows(cal: Calendar, table: str, size: int) -> list[BrokenRow]:
    """Writes the broken rows of a table, and the sound rows that repeated keys repeat.

    Args:
        cal: The generated span.
        table: Table name.
        size: Rows of the table, for the number of broken ones.

    Returns:
        The rows; a sound row has a blank rule.
    """
    written: list[BrokenRow] = []
    sound, faults = _TEMPLATES[table]
    number = 0
    for rule, column, value in faults:
        for _ in range(min(max(size // _ROWS_PER_FAULT, 1), _MOST_PER_FAULT)):
            number += 1
            then = cal.cutoff - (20 + (number * 7) % 150) * DAY - 13 * HOUR
            words = {
                "{n}": str(number),
                "{then}": iso(then),
                "{day}": iso(then)[:10],
                "{later}": iso(then + 30 * DAY),
                "{later_day}": iso(then + 30 * DAY)[:10],
            }
            row = {key: _fill(text, words) for key, text in sound.items()}
            row["loaded_at"] = iso(then + HOUR)
            if rule == "duplicate_key":
                written.append(BrokenRow(table, "", "", dict(row)))
            else:
                row[column] = _fill(value, words)
            written.append(BrokenRow(table, rule, column, row))
    return written


def _fill(text: str | None, words: Mapping[str, str]) -> str | None:
    """Puts the words of one row into a template."""
    for mark, word in words.items():
        text = text.replace(mark, word) if text is not None else None
    return text
