"""A company with only one of the systems: what the others would have to say is null, never 0.

One side is the list below: which systems a metric takes. The other is the project: the SQL that
dbt compiled, replayed in memory without the tables of the other systems.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from .company import Reference
from .raw import Table
from .replay import Replay
from .semantic_layer import SemanticLayer
from .worlds import SYSTEMS, make_world

SEEDS = (1, 2, 3, 4)  # worlds that hold all four systems

MODELS = ("", "_first_touch", "_last_touch", "_linear", "_position_based", "_time_decay")

METRICS_OF: dict[frozenset[str], tuple[str, ...]] = {
    frozenset({"ads"}): ("ad_spend", "ad_impressions", "ad_clicks", "ctr", "cpc"),
    frozenset({"crm"}): (
        "leads",
        "mqls",
        "mql_rate",
        "opportunities",
        "proposals",
        "negotiations",
        "won_deals",
        "win_rate",
        "lead_to_opportunity_rate",
        "opportunity_to_proposal_rate",
        "proposal_to_negotiation_rate",
        "negotiation_to_won_rate",
        "opportunity_to_won_rate",
        "lead_to_won_rate",
        "lead_to_won_rate_to_date",
    ),
    frozenset({"cdp"}): (
        "dnu",
        "dau",
        "wau",
        "mau",
        "mau_calendar",
        "active_users",
        "stickiness",
        "retention_d1",
        "retention_d3",
        "retention_d7",
        "retention_d30",
        "event_validity_rate",
    ),
    frozenset({"erp"}): (
        "orders",
        "gmv",
        "online_gmv",
        "revenue",
        "gross_profit",
        "aov",
        "gmv_per_order",
        "buyers",
        "new_customers",
        *(f"attributed_conversions{model}" for model in MODELS),
        *(f"attributed_revenue{model}" for model in MODELS),
    ),
    frozenset({"ads", "crm"}): ("click_to_lead_rate", "cpl", "cost_per_mql"),
    frozenset({"ads", "erp"}): (
        "channel_net_roi",
        *(f"channel_roi{model}" for model in MODELS),
    ),
    frozenset({"crm", "cdp"}): ("identity_match_rate",),
    frozenset({"crm", "erp"}): ("won_lead_match_rate",),
    frozenset({"cdp", "erp"}): ("order_journey_match_rate",),
}
SYSTEMS_OF = {name: systems for systems, names in METRICS_OF.items() for name in names}


def totals(
    seed: int,
    delivered: set[str],
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
    layer: SemanticLayer,
) -> dict[str, Any]:
    """The catalogue's metrics over a world of which only the named systems are delivered."""
    world = make_world(seed, contract, reference)
    tables = {
        name: rows if name.split("__")[0] in delivered else []
        for name, rows in world.tables.items()
    }
    found = {}
    with replay.run(tables, world.reference) as connection:
        for name in SYSTEMS_OF:
            rows = connection.execute(layer.compile(name, ())).fetchall()
            found[name] = rows[0][-1] if rows else None
    return found


def test_every_metric_of_the_catalogue_is_listed(layer: SemanticLayer) -> None:
    assert SYSTEMS_OF.keys() == layer.catalogue


@pytest.mark.parametrize("system", SYSTEMS)
def test_one_system_alone_answers_its_metrics_and_no_others(
    system: str,
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
    layer: SemanticLayer,
) -> None:
    answered: set[str] = set()
    for seed in SEEDS:
        values = totals(seed, {system}, contract, reference, replay, layer)
        said = {name: value for name, value in values.items() if value is not None}
        others = {name: said[name] for name in said if not SYSTEMS_OF[name] <= {system}}
        assert not others, f"world {seed}: {others}"
        infinite = {name: said[name] for name in said if not math.isfinite(said[name])}
        assert not infinite, f"world {seed}: {infinite}"
        answered |= said.keys()
    assert answered == {name for name, systems in SYSTEMS_OF.items() if systems == {system}}


def test_nothing_at_all_reads_null(
    contract: dict[str, Table], reference: Reference, replay: Replay, layer: SemanticLayer
) -> None:
    values = totals(SEEDS[0], set(), contract, reference, replay, layer)
    assert values == dict.fromkeys(SYSTEMS_OF)


def test_all_systems_together_answer_every_metric(
    contract: dict[str, Table], reference: Reference, replay: Replay, layer: SemanticLayer
) -> None:
    answered: set[str] = set()
    for seed in SEEDS:
        values = totals(seed, set(SYSTEMS), contract, reference, replay, layer)
        answered |= {name for name, value in values.items() if value is not None}
    assert answered == SYSTEMS_OF.keys()
