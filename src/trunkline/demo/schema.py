"""The tables of the raw contract, as the demo company delivers them.

The contract itself stands in the YAML of the raw layer; ``tests/demo`` compares the two. It is
repeated here because the generator must run where only the package is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Column:
    """One column of a raw table.

    Attributes:
        name: Column name.
        data_type: Type of the contract, as the YAML spells it.
        required: Whether a null breaks the contract.
    """

    name: str
    data_type: str = "varchar"
    required: bool = False


@dataclass(frozen=True)
class TableSpec:
    """One raw table.

    Attributes:
        system: Source system, e.g. ``crm``.
        entity: Entity of the system, e.g. ``leads``.
        columns: Columns in contract order, ``loaded_at`` last.
    """

    system: str
    entity: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """Name in the answer key and of the committed seed, e.g. ``crm__leads``."""
        return f"{self.system}__{self.entity}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in contract order."""
        return tuple(column.name for column in self.columns)


_TYPES = {
    "": "varchar",
    "t": "timestamp",
    "d": "date",
    "i": "bigint",
    "m": "decimal(18,4)",
    "r": "decimal(18,8)",
    "f": "double",
    "b": "boolean",
}


def _spec(system: str, entity: str, columns: str) -> TableSpec:
    """Reads ``name:type!`` words; ``!`` marks a required column, no type is varchar."""
    parsed = []
    for word in [*columns.split(), "loaded_at:t!"]:
        name, _, code = word.rstrip("!").partition(":")
        parsed.append(Column(name, _TYPES[code], word.endswith("!")))
    return TableSpec(system, entity, tuple(parsed))


_SPECS = (
    _spec(
        "crm",
        "leads",
        "lead_id! created_at:t! source medium campaign landing_page email is_email_verified:b "
        "phone is_phone_verified:b country account_id owner_id merged_into_lead_id "
        "is_deleted:b is_test:b",
    ),
    _spec("crm", "lead_statuses", "lead_id! status! changed_at:t!"),
    _spec("crm", "lead_scores", "lead_id! scored_at:t! fit_score:f intent_score:f"),
    _spec("crm", "accounts", "account_id! created_at:t industry segment country"),
    _spec(
        "crm",
        "opportunities",
        "opportunity_id! created_at:t! lead_id account_id owner_id amount:m currency is_test:b",
    ),
    _spec("crm", "opportunity_stages", "opportunity_id! stage! entered_at:t!"),
    _spec(
        "cdp",
        "events",
        "event_id! event_name! occurred_at:t! device_id user_id platform country page feature "
        "product_id source medium campaign traffic_type",
    ),
    _spec(
        "cdp",
        "users",
        "user_id! registered_at:t! email is_email_verified:b phone is_phone_verified:b country "
        "platform is_test:b",
    ),
    _spec(
        "cdp",
        "identity_links",
        "left_type! left_id! right_type! right_id! method! linked_at:t! revoked_at:t",
    ),
    _spec(
        "ads",
        "daily_spend",
        "spend_date:d! campaign_id! campaign_name source! medium campaign impressions:i clicks:i "
        "spend:m currency",
    ),
    _spec(
        "erp",
        "orders",
        "order_id! ordered_at:t! status! sales_channel platform user_id account_id opportunity_id "
        "country list_amount:m! discount_amount:m freight_amount:m tax_amount:m currency is_test:b",
    ),
    _spec(
        "erp",
        "order_lines",
        "order_line_id! order_id! product_id quantity:i! list_amount:m discount_amount:m "
        "unit_cost:m",
    ),
    _spec(
        "erp",
        "refunds",
        "refund_id! order_id! order_line_id refunded_at:t! amount:m! quantity_returned:i "
        "is_restocked:b",
    ),
    _spec("erp", "payments", "payment_id! order_id! paid_at:t! amount:m! currency status! method"),
    _spec(
        "erp",
        "products",
        "product_id! product_name category brand list_price:m unit_cost:m launched_at:t",
    ),
    _spec("erp", "currency_rates", "rate_date:d! currency! rate:r!"),
)

TABLES: Mapping[str, TableSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
