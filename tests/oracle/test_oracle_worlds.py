"""Every metric on many small adversarial worlds.

One side is the oracle: plain Python over the raw rows. The other is the project: the SQL that dbt
compiled, replayed in memory over the same raw rows, and the queries that MetricFlow compiles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set

import pytest

from .company import Company, Reference
from .compare import Difference, mart_differences, metric_differences
from .metrics import METRICS
from .raw import Settings, Table
from .replay import Replay
from .semantic_layer import SemanticLayer
from .worlds import make_world

GUARDS = ("revoked", "blocked_identifier", "shared_device", "hub", "bridging_device")
WORLDS = int(os.environ.get("TRUNKLINE_ORACLE_WORLDS", "40"))
SOAK_WORLDS = int(os.environ.get("TRUNKLINE_ORACLE_SOAK_WORLDS", "400"))


Question = tuple[str, str, str | None]  # metric, grain, dimension

TURNS = 20  # worlds in which every question is asked once


def all_questions(catalogue: Set[str]) -> Iterator[Question]:
    """Every metric at every grain, uncut and by every one of its dimensions.

    A metric outside the catalogue, which stands in one that is inside, is cut by month only.
    """
    for name, definition in METRICS.items():
        for grain in definition.grains:
            yield name, grain, None
            if name in catalogue or grain == "month":
                for dimension in definition.dimensions:
                    yield name, grain, dimension


def questions(seed: int, catalogue: Set[str]) -> list[Question]:
    """What a world is asked: every metric uncut by day and in total, the rest in turns."""
    return [
        (name, grain, dimension)
        for turn, (name, grain, dimension) in enumerate(all_questions(catalogue))
        if turn % TURNS == seed % TURNS or (dimension is None and grain in ("day", "total"))
    ]


def report(differences: list[Difference], seed: int) -> str:
    """The first differences, and how to get at the world."""
    lines = "\n".join(f"  {difference}" for difference in differences[:25])
    return f"{len(differences)} differences in make_world({seed}, contract, reference)\n{lines}"


def check_world(
    seed: int,
    contract: Mapping[str, Table],
    reference: Reference,
    replay: Replay,
    layer: SemanticLayer,
    settings: Settings | None = None,
) -> None:
    """Compares marts and metrics of one world, under the default settings or others."""
    world = make_world(seed, contract, reference)
    company = Company(contract, world.tables, world.reference, settings or Settings())
    with replay.run(world.tables, world.reference) as connection:
        found = mart_differences(connection, company, replay.relations.__getitem__)
        for name, grain, dimension in questions(seed, layer.catalogue):
            found += metric_differences(connection, layer, company, name, grain, dimension)
    assert not found, report(found, seed)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_project_agrees_with_the_oracle(
    seed: int,
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
    layer: SemanticLayer,
) -> None:
    check_world(seed, contract, reference, replay, layer)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10_000, 10_000 + SOAK_WORLDS))
def test_the_project_agrees_with_the_oracle_for_long(
    seed: int,
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
    layer: SemanticLayer,
) -> None:
    check_world(seed, contract, reference, replay, layer)


def test_the_oracle_knows_every_metric_grain_and_dimension(layer: SemanticLayer) -> None:
    assert METRICS.keys() == layer.meta.keys()
    for name, definition in METRICS.items():
        assert set(definition.grains) == {*layer.meta[name]["grains"], "total"}, name
        assert set(definition.dimensions) == set(layer.meta[name]["dimensions"]), name


def test_the_worlds_together_are_asked_everything(layer: SemanticLayer) -> None:
    asked = {question for seed in range(WORLDS) for question in questions(seed, layer.catalogue)}
    every = {
        (name, grain, dimension)
        for name in layer.catalogue
        for grain in (*layer.meta[name]["grains"], "total")
        for dimension in (None, *layer.meta[name]["dimensions"])
    }
    assert asked >= every
    assert {name for name, _, _ in asked} == layer.meta.keys()


def test_the_worlds_reach_the_edges(contract: dict[str, Table], reference: Reference) -> None:
    """The generator is worth something only if it produces what it was made for."""
    seen: set[str] = set()
    for seed in range(WORLDS):
        world = make_world(seed, contract, reference)
        company = Company(contract, world.tables, world.reference)
        seen |= {f"guard {removed.reason}" for removed in company.identity.removed}
        seen |= {f"rule {rule}" for row in company.data.quarantined for rule in row.rules}
        seen |= {f"flag {flag}" for _, _, flag in company.flags}
        seen |= {f"outcome {deal.outcome}" for deal in company.opportunities.values()}
        touches: dict[tuple[str, str], int] = {}
        for credit in company.credits:
            if credit.model == "linear":
                key = (credit.conversion.kind, credit.conversion.conversion_id)
                touches[key] = touches.get(key, 0) + (credit.touch is not None)
        seen |= {f"touches {min(count, 5)}" for count in touches.values()}
        if any(not person.is_human for person in company.identity.persons):
            seen.add("a person that is no human")
        if any(change.resurrected for change in company.growth.values()):
            seen.add("resurrection")
        if not world.tables["crm__leads"]:
            seen.add("no crm")
        if not world.tables["cdp__events"]:
            seen.add("no cdp")
        if not world.tables["erp__orders"]:
            seen.add("no erp")
    assert seen >= {
        *(f"guard {name}" for name in GUARDS),
        *(
            f"rule {name}"
            for name in (
                "missing_value",
                "bad_type",
                "unknown_enum",
                "out_of_range",
                "future_timestamp",
                "missing_identifier",
                "duplicate_key",
            )
        ),
        *(
            f"flag {name}"
            for name in (
                "identical_order",
                "free_order",
                "refund_above_order",
                "missing_currency_rate",
                "deal_before_lead",
                "unknown_cost",
            )
        ),
        *(f"outcome {name}" for name in ("open", "won", "lost")),
        *(f"touches {count}" for count in range(6)),
        "a person that is no human",
        "resurrection",
        "no crm",
        "no cdp",
        "no erp",
    }
