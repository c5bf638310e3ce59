"""One engine answers one workload in this process: what ``benchmarks.peers`` runs for each case."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks.measure import Meter, guard, report
from benchmarks.workloads import WORKLOADS
from benchmarks.workloads.answers import canonical
from benchmarks.workloads.engines import ENGINES, Limits


def main(
    engine: str,
    workload: str,
    files: Annotated[str, typer.Option(help="JSON: per table, where its files are")],
    threads: int = 2,
    mebibytes: int = 3072,
    cpu_seconds: int = 1800,
) -> None:
    """Answer a workload, and report the answer and what it took.

    Opening the engine is left out; reading the files is not.
    """
    guard(cpu_seconds, mebibytes)
    with TemporaryDirectory(prefix="trunkline-bench-") as spill:
        limits = Limits(threads, mebibytes, Path(spill))
        answer = ENGINES[engine](limits, json.loads(files), WORKLOADS[workload])
        with Meter() as meter:
            table = answer()
        report({"cost": meter.cost, "rows": canonical(table)})


if __name__ == "__main__":
    typer.run(main)
