"""What pathological data cost, beside as much data of the ordinary kind."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import duckdb
import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from benchmarks import deliveries
from benchmarks.graphs import GRAPHS
from benchmarks.measure import Cost, calibrate, in_own_process, report

_IDENTITY = "models/intermediate/identity"
_UNTESTED = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
_NOTABLE = 0.3  # CPU seconds below which a model's ratio is noise
_TWO_BIGGEST = """
    with persons as (
        select person_id, sum(events) as events from marts.fct_person_days
        group by person_id
    )

    select min(identities.identifier_id) as user_id
    from persons
    inner join intermediate.int_identities as identities
        on persons.person_id = identities.person_id
    where identities.identifier_type = 'user'
    group by persons.person_id, persons.events
    order by persons.events desc, user_id
    limit 2
"""

Costs = dict[str, Cost]


@dataclass(frozen=True)
class GraphCost:
    """What a graph of identifiers takes.

    Attributes:
        graph: Its name.
        alone: What ``trunkline.identity`` takes for it without any guard.
        models: What the identity models take more than without it, in CPU seconds.
        nodes: The same, per model.
    """

    graph: str
    alone: float
    models: float
    nodes: dict[str, float]


@dataclass(frozen=True)
class DeliveryCost:
    """What a pathological delivery takes, beside an ordinary one of the same size.

    Attributes:
        delivery: Its name.
        cpu: CPU seconds of all models.
        ordinary: The same for the ordinary delivery.
        nodes: Per model, both.
    """

    delivery: str
    cpu: float
    ordinary: float
    nodes: dict[str, tuple[float, float]]

    @property
    def worst(self) -> list[tuple[str, float, float]]:
        """The models that cost most more, and both costs."""
        notable = [(node, *costs) for node, costs in self.nodes.items() if max(costs) >= _NOTABLE]
        return sorted(notable, key=lambda node: node[2] - node[1])[:3]


class Build:
    """dbt builds of one delivery, into one database."""

    def __init__(self, delivery: Path, database: Path) -> None:
        """Name the two.

        Args:
            delivery: Folder of the raw files.
            database: File to build into.
        """
        self.delivery, self.database = delivery, database

    def __call__(self, *selection: str) -> Costs:
        """Build in a process of its own.

        Args:
            selection: Arguments for dbt; by default everything is built.

        Returns:
            What each model took.

        Raises:
            RuntimeError: If a model failed.
        """
        variables = json.dumps({"raw_source": "files", "raw_path": str(self.delivery)})
        target = str(self.database.with_suffix(".target"))
        done: Any = in_own_process(
            "benchmarks.build",
            *("build", *_UNTESTED, *selection, "--vars", variables),
            *("--target-path", target, "--log-path", target),
            env={"TRUNKLINE_DATABASE": str(self.database)},
        )
        if failed := [node for node in done["failed"] if node.endswith("error")]:
            raise RuntimeError(f"{self.delivery}: {', '.join(failed)}")
        return {
            node.removeprefix("model.trunkline."): Cost(**cost)
            for node, cost in done["nodes"].items()
            if node.startswith("model.")
        }

    def forked(self, name: str) -> "Build":
        """Go on from here in a copy of the database."""
        database = self.database.with_name(f"{name}.duckdb")
        shutil.copy(self.database, database)
        return Build(self.delivery, database)


def main(
    graphs: Annotated[bool, typer.Option(help="Measure the identity graphs")] = True,
    rest: Annotated[bool, typer.Option(help="Measure the other deliveries")] = True,
    persons: Annotated[int, typer.Option(help="Persons of the company")] = 10_000,
    days: Annotated[int, typer.Option(help="Days of its history")] = 220,
    events: Annotated[int, typer.Option(help="About how many events")] = 1_000_000,
) -> None:
    """Measure identity graphs, a bot, a busy user, a late day and a merger of the biggest."""
    with TemporaryDirectory(prefix="trunkline-bench-") as name:
        folder = Path(name)
        before = calibrate()
        graph_costs = _graph_costs(folder) if graphs else []
        delivery_costs = _delivery_costs(folder, persons, days, events) if rest else []
        after = calibrate()
    if graphs:
        _print_graphs(graph_costs)
    if rest:
        _print_deliveries(delivery_costs)
    report(
        {
            "calibration": {"before": before, "after": after},
            "graphs": graph_costs,
            "deliveries": delivery_costs,
        }
    )


def _graph_costs(folder: Path) -> list[GraphCost]:
    selection = ("--select", "+int_identities", "+int_person_merges")
    base = folder / "small"
    deliveries.company(base, persons=300, days=220, events=10_000)
    without = Build(base, folder / "small.duckdb")(*selection)
    costs = []
    for name, graph in GRAPHS.items():
        delivery = deliveries.copied(base, folder / name)
        deliveries.add_links(delivery, graph().links(name))
        built = Build(delivery, folder / f"{name}.duckdb")(*selection)
        identity = {path.stem for path in Path(_IDENTITY).iterdir()} & built.keys()
        nodes = {node: built[node].cpu - without[node].cpu for node in sorted(identity)}
        alone: Any = in_own_process("benchmarks.graphs", name)
        costs.append(GraphCost(name, Cost(**alone).cpu, sum(nodes.values()), nodes))
    return costs


def _delivery_costs(folder: Path, persons: int, days: int, events: int) -> list[DeliveryCost]:
    base = folder / "company"
    deliveries.company(base, persons, days, events)

    bot, spread = (
        deliveries.copied(base, folder / "bot"),
        deliveries.copied(base, folder / "spread"),
    )
    deliveries.add_copied_events(bot, 0.05, "bot")
    deliveries.add_copied_events(spread, 0.05, None)

    busy, many = deliveries.copied(base, folder / "busy"), deliveries.copied(base, folder / "many")
    deliveries.add_busy_users(busy, 1)
    deliveries.add_busy_users(many, 1_000)

    return [
        _compared("bot with 5 % of all events", _built(bot), _built(spread)),
        _compared("10,000 touches, 1,000 orders", _built(busy), _built(many)),
        *_next_day_costs(base, folder),
    ]


def _next_day_costs(base: Path, folder: Path) -> list[DeliveryCost]:
    """Build all but one day, then measure what the next run takes."""
    *_, late, last = deliveries.loaded_days(base)
    noon = datetime.fromisoformat(last) + timedelta(hours=12)

    day_missing = deliveries.copied(base, folder / "late")
    held = deliveries.take_day(day_missing, late)
    late_build = Build(day_missing, folder / "late.duckdb")
    late_build()
    deliveries.deliver_day(day_missing, held, noon)
    late_costs = late_build()

    growing = deliveries.copied(base, folder / "growing")
    held = deliveries.take_day(growing, last)
    build = Build(growing, folder / "growing.duckdb")
    build()
    merging = build.forked("merging")
    deliveries.deliver_day(growing, held, noon)
    ordinary = build()
    deliveries.add_links(growing, _merger(build.database, noon))
    return [
        _compared("a day delivered late", late_costs, ordinary),
        _compared("the two biggest persons merged", merging(), ordinary),
    ]


def _merger(database: Path, linked_at: datetime) -> pa.Table:
    """Link the users with the most events."""
    with duckdb.connect(str(database), read_only=True) as connection:
        (left,), (right,) = connection.execute(_TWO_BIGGEST).fetchall()
    row = {
        "left_type": "user",
        "left_id": left,
        "right_type": "user",
        "right_id": right,
        "method": "stated",
        "linked_at": linked_at,
        "revoked_at": None,
        "loaded_at": linked_at,
    }
    return pa.Table.from_pylist([row])


def _built(delivery: Path) -> Costs:
    return Build(delivery, delivery.with_suffix(".duckdb"))()


def _compared(name: str, pathological: Costs, ordinary: Costs) -> DeliveryCost:
    nodes = {node: (cost.cpu, ordinary[node].cpu) for node, cost in pathological.items()}
    return DeliveryCost(name, _sum(pathological.values()), _sum(ordinary.values()), nodes)


def _sum(costs: Iterable[Cost]) -> float:
    return sum(cost.cpu for cost in costs)


def _print_graphs(costs: list[GraphCost]) -> None:
    table = Table("graph", box=None, header_style="bold", pad_edge=False)
    for heading in ("alone", "models"):
        table.add_column(heading, justify="right")
    for each in costs:
        table.add_row(each.graph, f"{each.alone:.2f}", f"{each.models:.2f}")
    Console().print(table)


def _print_deliveries(costs: list[DeliveryCost]) -> None:
    table = Table("delivery", box=None, header_style="bold", pad_edge=False)
    for heading in ("cpu", "ordinary", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("models that cost more")
    for each in costs:
        worst = ", ".join(f"{node} {ours:.1f} ({usual:.1f})" for node, ours, usual in each.worst)
        ratio = each.cpu / each.ordinary
        table.add_row(
            each.delivery, f"{each.cpu:.1f}", f"{each.ordinary:.1f}", f"{ratio:.2f}", worst
        )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
