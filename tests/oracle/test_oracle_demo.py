"""Every metric on the committed demo company, at every grain and by every dimension.

One side is the oracle: plain Python over the committed seeds. The other is the database that
dbt built from them, asked through MetricFlow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from .company import Company, Reference, read_raw_seeds
from .compare import mart_differences, metric_differences
from .conftest import PROJECT
from .metrics import METRICS
from .raw import Table
from .replay import Replay
from .semantic_layer import SemanticLayer


@pytest.fixture(scope="module")
def demo(contract: dict[str, Table], reference: Reference) -> Company:
    return Company(contract, read_raw_seeds(PROJECT / "seeds" / "raw"), reference)


@pytest.fixture(scope="module")
def database(built_database: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.mark.parametrize("name", METRICS)
def test_metric_is_recomputed(
    name: str, demo: Company, database: duckdb.DuckDBPyConnection, layer: SemanticLayer
) -> None:
    definition = METRICS[name]
    found = []
    for grain in definition.grains:
        found += metric_differences(database, layer, demo, name, grain)
    for cut in definition.dimensions:
        found += metric_differences(database, layer, demo, name, "month", cut)
    assert not found, "\n".join(map(str, found[:25]))


def test_marts_are_recomputed(
    demo: Company, database: duckdb.DuckDBPyConnection, replay: Replay
) -> None:
    found = mart_differences(database, demo, replay.relations.__getitem__)
    assert not found, "\n".join(map(str, found[:25]))


def test_the_demo_company_is_not_empty(demo: Company) -> None:
    assert len(demo.spine) >= 430
    assert demo.orders
    assert demo.leads
    assert demo.active
