"""What dbt's data tests demand holds for any company, not for the demo company alone.

One side is every data test that dbt compiled (those over reports aside, which are not replayed).
The other is the project, replayed in memory over small worlds and over companies in which one
system delivers and the others do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from tests.support import DbtBuild

from .company import Reference
from .raw import RawTables, Table
from .replay import Replay
from .worlds import SYSTEMS, make_world

WORLDS = (1, 2, 3, 4, 5)  # all four systems deliver in each


@pytest.fixture(scope="module")
def demands(built_database: DbtBuild, replay: Replay) -> dict[str, str]:
    """The rows that each data test wants to see none of, by the test's name."""
    manifest = json.loads((built_database.target / "manifest.json").read_text(encoding="utf-8"))
    nodes = manifest["nodes"]
    known = set(replay.relations) | {seed.name for seed in replay.seeds}
    return {
        node["name"]: node["compiled_code"]
        for node in nodes.values()
        if node["resource_type"] == "test"
        and all(nodes[parent]["name"] in known for parent in node["depends_on"]["nodes"])
    }


def failures(
    replay: Replay, demands: dict[str, str], tables: RawTables, reference: Reference
) -> dict[str, int]:
    """How many rows speak against each data test, where any does."""
    with replay.run(tables, reference) as connection:
        found = {}
        for name, sql in demands.items():
            rows = connection.execute(f"select count(*) from ({sql})").fetchone()
            if rows is not None and rows[0]:
                found[name] = rows[0]
    return found


def only(tables: RawTables, systems: Iterable[str]) -> RawTables:
    """The tables of the systems that deliver."""
    return {name: rows for name, rows in tables.items() if name.split("__")[0] in systems}


def test_nearly_every_data_test_is_asked(demands: dict[str, str], replay: Replay) -> None:
    tests = [node for node in replay.manifest["nodes"].values() if node["resource_type"] == "test"]
    assert {(node["config"]["fail_calc"], node["config"]["error_if"]) for node in tests} == {
        ("count(*)", "!= 0")
    }
    left_out = {node["name"] for node in tests} - demands.keys()
    assert not [name for name in left_out if not name.startswith("rpt_")]


@pytest.mark.parametrize("seed", WORLDS)
def test_data_tests_hold_in_a_world(
    seed: int,
    demands: dict[str, str],
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
) -> None:
    world = make_world(seed, contract, reference)
    assert failures(replay, demands, world.tables, world.reference) == {}


@pytest.mark.parametrize("system", SYSTEMS)
def test_data_tests_hold_where_one_system_delivers(
    system: str,
    demands: dict[str, str],
    contract: dict[str, Table],
    reference: Reference,
    replay: Replay,
) -> None:
    world = make_world(WORLDS[0], contract, reference)
    assert failures(replay, demands, only(world.tables, {system}), world.reference) == {}


def test_data_tests_hold_where_nothing_is_delivered(
    demands: dict[str, str], reference: Reference, replay: Replay
) -> None:
    assert failures(replay, demands, {}, reference) == {}
