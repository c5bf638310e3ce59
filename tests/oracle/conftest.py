"""What the oracle's tests share: the contract, the reference seeds, and tiny companies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from .company import Company, Reference
from .raw import Settings, Table, Text, read_contract
from .replay import Replay
from .semantic_layer import SemanticLayer

PROJECT = Path(__file__).resolve().parents[2]

Rows = Sequence[Mapping[str, Text]]
MakeCompany = Callable[..., Company]

DEFAULTS: dict[str, dict[str, Text]] = {
    "crm__leads": {"created_at": "2026-01-01T00:00:00Z"},
    "crm__opportunities": {"created_at": "2026-01-01T00:00:00Z"},
    "cdp__events": {"event_name": "app_open"},
    "cdp__identity_links": {"method": "form_login"},
    "ads__daily_spend": {"campaign_id": "C1", "source": "google", "medium": "cpc"},
    "erp__orders": {"status": "paid", "list_amount": "100"},
    "erp__order_lines": {"quantity": "1"},
    "erp__refunds": {"amount": "1"},
}


@pytest.fixture(scope="session")
def contract() -> dict[str, Table]:
    return read_contract(PROJECT / "models" / "raw")


@pytest.fixture(scope="session")
def reference() -> Reference:
    return Reference.read(PROJECT / "seeds" / "reference")


@pytest.fixture
def make_company(contract: dict[str, Table], reference: Reference) -> MakeCompany:
    """A company of a few rows; what a row leaves out takes a default."""

    def make(
        as_of: str | None = "2026-12-31",
        settings: Mapping[str, Any] | None = None,
        reference: Reference = reference,
        **tables: Rows,
    ) -> Company:
        filled: dict[str, list[dict[str, Text]]] = {}
        for name, rows in tables.items():
            defaults = {"loaded_at": "2027-06-30T00:00:00Z"} | DEFAULTS.get(name, {})
            filled[name] = [
                {column.name: None for column in contract[name].columns} | defaults | dict(row)
                for row in rows
            ]
            if name == "cdp__events":
                for number, row in enumerate(filled[name]):
                    row["event_id"] = row["event_id"] or f"e{number:03d}"
        day = date.fromisoformat(as_of) if as_of else None
        variables: dict[str, Any] = {"as_of_date": day, **(settings or {})}
        return Company(contract, filled, reference, Settings(**variables))

    return make


# --------------------------------------------------------------------------- both sides


@pytest.fixture(scope="session")
def replay(built_database: Any) -> Replay:
    """The project's compiled SQL, ready for other rows."""
    return Replay(built_database.target)


@pytest.fixture(scope="session")
def layer(built_database: Any) -> SemanticLayer:
    """The project's metrics, compiled by MetricFlow."""
    return SemanticLayer(built_database.target)
