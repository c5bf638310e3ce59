"""Graphs of identifiers that break naive identity code, and what the project's makes of each."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import typer

from benchmarks.measure import Meter, report

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Identifiers and their links, in the order in which the links became known.

    Attributes:
        nodes: Number of identifiers.
        left: One end of each link.
        right: The other end.
        types: Kind of the left ends and of the right ends.
    """

    nodes: int
    left: Integers
    right: Integers
    types: tuple[str, str] = ("lead", "lead")

    def links(self, name: str) -> pa.Table:
        """The links as rows of the raw contract's ``cdp__identity_links``."""
        left_type, right_type = self.types
        seconds = np.arange(len(self.left)).astype("timedelta64[s]")
        linked_at = np.datetime64("2026-01-01T00:00:00", "us") + seconds
        return pa.table(
            {
                "left_type": [left_type] * len(self.left),
                "left_id": [f"{name}-{node}" for node in self.left],
                "right_type": [right_type] * len(self.right),
                "right_id": [f"{name}-{node}" for node in self.right],
                "method": ["stated"] * len(self.left),
                "linked_at": linked_at,
                "revoked_at": pa.nulls(len(self.left), pa.timestamp("us")),
                "loaded_at": linked_at,
            }
        )


def chain() -> Graph:
    """3,000 identifiers in a row, whose links became known in random order."""
    nodes = 3_000
    order = np.random.default_rng(1).permutation(nodes - 1)
    return Graph(nodes, order, order + 1)


def hub() -> Graph:
    """One lead that 300,000 devices name."""
    devices = 300_000
    return Graph(
        devices + 1, np.zeros(devices, np.int64), np.arange(1, devices + 1), ("lead", "device")
    )


def giant() -> Graph:
    """200,000 identifiers, nine in ten of them in one component; no identifier is a hub."""
    nodes, share = 200_000, 0.9
    dice = np.random.default_rng(2)
    members = np.arange(1, int(nodes * share))
    parents = members - dice.integers(1, np.minimum(members, 50) + 1)
    others = np.arange(int(nodes * share), nodes - 1, 2)
    left, right = np.concatenate([parents, others]), np.concatenate([members, others + 1])
    order = dice.permutation(len(left))
    return Graph(nodes, left[order], right[order])


GRAPHS = {"chain": chain, "hub": hub, "giant": giant}


def main(name: Annotated[str, typer.Argument(help="chain, hub or giant")]) -> None:
    """Report what ``trunkline.identity`` takes for a graph without any guard before it."""
    from trunkline.identity import bridging_links, components_of

    graph = GRAPHS[name]()
    is_device = np.zeros(graph.nodes, np.bool_)
    is_device[graph.right] = graph.types[1] == "device"
    with Meter() as meter:
        components_of(graph.nodes, graph.left, graph.right)
        bridging_links(graph.left, graph.right, ~is_device, is_device)
    report(meter.cost)


if __name__ == "__main__":
    typer.run(main)
