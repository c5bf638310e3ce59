"""One dbt command in this process, measured node by node."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from benchmarks.measure import Cost, Meter, report

PROJECT = Path(__file__).resolve().parents[1]


class NodeMeter:
    """Listens to dbt and measures what happens between the start and the end of each node."""

    def __init__(self) -> None:
        """Start without any node."""
        self.costs: dict[str, Cost] = {}
        self.failed: list[str] = []
        self._meter: Meter | None = None
        self._lock = threading.Lock()

    def __call__(self, event: EventMsg) -> None:
        """Take one event of dbt."""
        if event.info.name not in {"NodeStart", "NodeFinished"}:
            return
        node = event.data.node_info
        with self._lock:
            if event.info.name == "NodeStart":
                self._meter = Meter().__enter__()
                return
            if self._meter is None:
                return
            self._meter.__exit__()
            self.costs[node.unique_id] = self._meter.cost
            if node.node_status not in {"success", "pass", "warn"}:
                self.failed.append(f"{node.unique_id}: {node.node_status}")
            print(node.unique_id, node.node_status, self._meter.cost, flush=True)


def run_dbt(*arguments: str) -> dict[str, Any]:
    """Run dbt with one thread (DuckDB uses all cores within a query) and measure each node.

    Args:
        arguments: dbt's command line.

    Returns:
        ``ok``, ``failed`` nodes, the cost of the ``whole`` and of each of ``nodes``.
    """
    nodes = NodeMeter()
    places = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--threads", "1")
    with Meter() as meter:
        result = dbtRunner(callbacks=[nodes]).invoke([*arguments, *places])
    peak = max([meter.cost.peak, *(cost.peak for cost in nodes.costs.values())])
    return {
        "ok": result.success,
        "failed": nodes.failed,
        "whole": Cost(meter.cost.cpu, meter.cost.wall, peak),
        "nodes": nodes.costs,
    }


if __name__ == "__main__":
    os.chdir(PROJECT)
    report(run_dbt(*sys.argv[1:]))
