"""The compiled attribution models on worlds made to break them, against the oracle's arithmetic.

What runs is the SQL that dbt compiled, from touches and conversions to credits; what it is compared
with is plain Python that shares no code with it.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.oracle.activity import Touch
from tests.oracle.attribution import Conversion, Model, credits
from tests.support import run_dbt

REPLAYED = (
    "int_attribution_refusals",
    "int_attribution_rules",
    "fct_conversion_touches",
    "fct_attribution_credits",
)
CHANNELS = ("direct", "direct", "email", "paid_search")
WON = datetime(2026, 2, 8, 12)


@dataclass
class World:
    """Rows of the seed, touches and conversions."""

    models: list[dict[str, str | None]]
    touches: list[Touch] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)


Replay = Callable[[World], duckdb.DuckDBPyConnection]


def model(name: str, kind: str, **settings: str) -> dict[str, str | None]:
    """A row of the seed, with the settings of a sound one where none are given."""
    columns = ("first_weight", "middle_weight", "last_weight", "half_life_days")
    row: dict[str, str | None] = dict.fromkeys(columns)
    return row | {
        "attribution_model": name,
        "kind": kind,
        "window_days": "60",
        "direct_policy": "include",
        **settings,
    }


def touch(person: int, number: int, at: datetime, channel: str) -> Touch:
    """A touch whose id does not follow its position in the list."""
    return Touch(person, channel, f"{channel}_campaign", at, number * 7919 % 10007, 1)


def table(rows: list[dict[str, Any]], schema: dict[str, pa.DataType]) -> pa.Table:
    """The rows as an Arrow table, also when there are none."""
    return pa.Table.from_pylist(rows, schema=pa.schema(list(schema.items())))


def seed_table(models: list[dict[str, str | None]]) -> pa.Table:
    """The seed with its pinned types."""
    types: dict[str, pa.DataType] = {
        "attribution_model": pa.string(),
        "kind": pa.string(),
        "first_weight": pa.float64(),
        "middle_weight": pa.float64(),
        "last_weight": pa.float64(),
        "half_life_days": pa.float64(),
        "window_days": pa.int32(),
        "direct_policy": pa.string(),
    }
    readers = {pa.float64(): float, pa.int32(): int, pa.string(): str}
    return table(
        [
            {
                column: None if row[column] is None else readers[kind](row[column])
                for column, kind in types.items()
            }
            for row in models
        ],
        types,
    )


@pytest.fixture(scope="session")
def replay(built_database: Any) -> Replay:
    """Runs the compiled models on a world, in memory."""
    manifest = json.loads((built_database.target / "manifest.json").read_text(encoding="utf-8"))
    nodes = {node["name"]: node for node in manifest["nodes"].values()}

    def relation(name: str) -> str:
        return f'"{nodes[name]["schema"]}"."{nodes[name]["alias"]}"'

    def run(world: World) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        inputs = {
            "attribution_models": seed_table(world.models),
            "fct_touchpoints": table(
                [
                    {
                        "touch_id": one.touch_id,
                        "person_id": one.person,
                        "channel": one.channel,
                        "campaign": one.campaign,
                        "is_direct": one.channel == "direct",
                        "touched_at": one.touched_at,
                    }
                    for one in world.touches
                ],
                {
                    "touch_id": pa.int64(),
                    "person_id": pa.int64(),
                    "channel": pa.string(),
                    "campaign": pa.string(),
                    "is_direct": pa.bool_(),
                    "touched_at": pa.timestamp("us"),
                },
            ),
            "fct_conversions": table(
                [
                    {
                        "conversion_key": number,
                        "conversion_type": one.kind,
                        "conversion_id": one.conversion_id,
                        "person_id": one.person,
                        "segment_id": 0,
                        "conversion_value": one.value,
                        "conversion_date": one.day,
                        "converted_at": one.converted_at,
                    }
                    for number, one in enumerate(world.conversions)
                ],
                {
                    "conversion_key": pa.int64(),
                    "conversion_type": pa.string(),
                    "conversion_id": pa.string(),
                    "person_id": pa.int64(),
                    "segment_id": pa.int64(),
                    "conversion_value": pa.float64(),
                    "conversion_date": pa.date32(),
                    "converted_at": pa.timestamp("us"),
                },
            ),
        }
        for name in (*inputs, *REPLAYED):
            connection.execute(f'create schema if not exists "{nodes[name]["schema"]}"')
        for name, rows in inputs.items():
            connection.register("rows", rows)
            connection.execute(f"create table {relation(name)} as select * from rows")
        for name in REPLAYED:
            code = nodes[name]["compiled_code"].replace(f'"{nodes[name]["database"]}".', "")
            connection.execute(f"create table {relation(name)} as {code}")
        connection.execute(f"create view credits as from {relation('fct_attribution_credits')}")
        return connection

    return run


def random_models(dice: random.Random) -> list[dict[str, str | None]]:
    """Every kind, with odd weights, half-lives and windows, and both policies."""
    models = [model("position_based", "position", first_weight="0", middle_weight="0",
                    last_weight="1")]  # fmt: skip
    for number in range(6):
        kind = dice.choice(("position", "linear", "time_decay"))
        first = dice.choice((0.0, 0.25, 0.4))
        last = dice.choice((0.0, 0.4, 1 - first))
        models.append(
            model(
                f"{kind}_{number}",
                kind,
                first_weight=str(first),
                middle_weight=str(1 - first - last),
                last_weight=str(last),
                half_life_days=str(dice.choice((0.003, 0.5, 7, 400))),
                window_days=str(dice.choice((1, 7, 60))),
                direct_policy=dice.choice(("include", "exclude_unless_only")),
            )
        )
    return models


def random_world(dice: random.Random) -> World:
    """Persons whose touches lie on and around every edge that the rules draw."""
    world = World(random_models(dice))
    nudges = [timedelta(microseconds=number) for number in (-1_000_000, -1, 0, 0, 1, 1_000_000)]
    for person in range(20):
        at = WON + timedelta(seconds=dice.randrange(86_400))
        for number in range(dice.randrange(3)):
            converted_at = at + number * dice.choice((timedelta(0), timedelta(days=5)))
            world.conversions.append(
                Conversion(
                    dice.choice(("mql", "won_deal", "first_order", "order")),
                    f"{person}_{number}",
                    converted_at,
                    converted_at.date(),
                    None if dice.random() < 0.1 else person,
                    dice.choice((0.0, -40.0, 99.99, 12_000.0)),
                )
            )
        for _ in range(dice.choice((0, 1, 2, 3, 5, 12))):
            days = dice.choice((0, 1, 3, 7, 30, 60))
            moment = at - timedelta(days=days) + dice.choice(nudges)
            number = len(world.touches) + 1
            world.touches.append(touch(person, number, moment, dice.choice(CHANNELS)))
    dice.shuffle(world.touches)
    return world


@pytest.mark.parametrize("seed", range(40))
def test_the_models_agree_with_the_oracle_on_worlds_full_of_edges(
    replay: Replay, seed: int
) -> None:
    world = random_world(random.Random(seed))
    expected = {
        (
            one.conversion.conversion_id,
            one.model,
            None if one.touch is None else one.touch.touch_id,
        ): (one.channel, one.campaign, one.credit, one.revenue)
        for one in credits(world.conversions, world.touches, map(Model.read, world.models))
    }
    found = {
        row[:3]: row[3:]
        for row in replay(world)
        .execute(
            "select conversion_id, attribution_model, touch_id, channel, campaign, credit,"
            " attributed_revenue from credits"
        )
        .fetchall()
    }
    assert found.keys() == expected.keys()
    for key, (channel, campaign, credit, revenue) in expected.items():
        assert found[key][:2] == (channel, campaign)
        assert found[key][2:] == pytest.approx((credit, revenue), rel=1e-9, abs=1e-9)


def test_a_deal_of_12000_decays_over_its_five_touches_as_in_the_definition(
    replay: Replay,
) -> None:
    start = WON - timedelta(days=38)
    world = World([model("position_based", "time_decay", half_life_days="7")])
    for number, day in enumerate((0, 5, 12, 30, 38)):
        at = start + timedelta(days=day)
        world.touches.append(Touch(1, "email", "letter", at, touch_id=number, events=1))
    world.conversions.append(Conversion("won_deal", "P1", WON, WON.date(), 1, 12_000.0))
    found = (
        replay(world)
        .execute("select round(attributed_revenue, 1) from credits order by touch_id")
        .fetchall()
    )
    assert [revenue for (revenue,) in found] == [175.2, 287.4, 574.9, 3417.0, 7545.4]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (model("broken", "position", first_weight="0.4", middle_weight="0.2", last_weight="0.3"),
         "add up to 0.9"),
        (model("broken", "position"), "add up to (blank)"),
        (model("broken", "time_decay", half_life_days="0"), "half-life of 0.0 days"),
        (model("broken", "time_decay", half_life_days="-7"), "half-life of -7.0 days"),
        (model("broken", "linear", window_days="0"), "window of 0 days"),
        (model("broken", "u_shaped"), "kind u_shaped"),
        (model("broken", "linear", direct_policy="ignore"), "direct policy ignore"),
    ],
    ids=lambda given: given.replace(" ", "_") if isinstance(given, str) else "",
)  # fmt: skip
def test_no_rule_and_so_no_credit_comes_of_an_unusable_setting(
    replay: Replay, row: dict[str, str | None], value: str
) -> None:
    with pytest.raises(duckdb.Error) as refused:
        replay(World([model("position_based", "linear"), row]))
    assert "The attribution model broken" in str(refused.value)
    assert value in str(refused.value)


def test_a_seed_without_models_is_refused(replay: Replay) -> None:
    with pytest.raises(duckdb.Error, match="attribution_headline_model is position_based"):
        replay(World([]))


def test_a_refused_variable_stops_the_build_before_any_credit(tmp_path: Path) -> None:
    finished = run_dbt(
        "build",
        "--select",
        "attribution_models int_attribution_refusals int_attribution_rules"
        " fct_conversion_touches fct_attribution_credits",
        folder=tmp_path,
        variables="{attribution_headline_model: last_clik}",
    )
    assert finished.returncode == 1
    assert (
        "The variable attribution_headline_model is last_clik; set it to a model of the seed"
        " attribution_models." in finished.stdout
    )
    with duckdb.connect(str(tmp_path / "trunkline.duckdb"), read_only=True) as connection:
        tables = {
            name
            for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }
    assert "attribution_models" in tables
    assert not tables & {"int_attribution_rules", "fct_attribution_credits"}
