"""DuckDB written the project's way beside ClickHouse and Polars: same files, same answers."""

import json
import math
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Cost, calibrate, in_own_process, in_turn, report
from benchmarks.workloads import TABLES, WORKLOADS, Workload
from benchmarks.workloads.answers import Rows, agree, checksum, majority
from benchmarks.workloads.engines import PACKAGES
from benchmarks.workloads.spine import export, mart_agrees

_OURS = "duckdb"
_FLOOR = "floor"
_NONE = Cost(math.inf, math.inf, math.nan)


@dataclass
class Case:
    """One engine on one workload, run several times.

    Attributes:
        arguments: Command line of the process.
        rows: Its answer; None until there is one.
        failure: Why there is none.
    """

    arguments: tuple[str, ...]
    rows: Rows | None = None
    failure: str = ""

    def __call__(self) -> Cost:
        """Run once more, unless it failed before."""
        if self.failure:
            return _NONE
        try:
            done: Any = in_own_process("benchmarks.workloads", *self.arguments)
        except RuntimeError as error:
            self.failure = str(error).strip().splitlines()[-1]
            return _NONE
        if self.rows is not None and not agree(self.rows, done["rows"]):
            self.failure = "answers differently each time"
            return _NONE
        self.rows = done["rows"]
        return Cost(**done["cost"])


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes:
        cost: What its best run took; None if it has no right answer.
        checksum: Of its answer.
        note: Why it has no cost.
    """

    cost: Cost | None
    checksum: str = ""
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """A workload and what came of it.

    Attributes:
        workload: Its name.
        goal: Its share of the budget, in floors.
        outcomes: Per engine.
        mart_agrees: Whether the project's own mart says the same; None if none asks the same.
        exponent: How cost grows with the number of events, 1 being in proportion.
    """

    workload: str
    goal: float | None
    outcomes: dict[str, Outcome]
    mart_agrees: bool | None
    exponent: float | None = None
    best_peer: float = field(init=False)

    def __post_init__(self) -> None:
        """Find the best of the others."""
        costs = [
            outcome.cost.cpu
            for engine, outcome in self.outcomes.items()
            if engine != _OURS and outcome.cost
        ]
        object.__setattr__(self, "best_peer", min(costs, default=math.nan))


def main(
    events_path: Annotated[Path, typer.Option(help="Raw delivery with cdp/events in it")],
    database: Annotated[Path, typer.Option(help="Database that was built from it")],
    workload: Annotated[list[str] | None, typer.Option(help="Only these")] = None,
    engine: Annotated[list[str] | None, typer.Option(help="Only these")] = None,
    rounds: Annotated[int, typer.Option(help="Runs of each case; the cheapest counts")] = 3,
    threads: Annotated[int, typer.Option(help="Threads of each engine")] = 2,
    mebibytes: Annotated[int, typer.Option(help="Memory of each engine")] = 3072,
    cpu_seconds: Annotated[int, typer.Option(help="CPU time after which a case has failed")] = 1800,
    slope: Annotated[bool, typer.Option(help="Run DuckDB on half of the events too")] = True,
) -> None:
    """Compare the engines, and hold DuckDB against its budget in floors."""
    chosen = [WORKLOADS[name] for name in workload or WORKLOADS if name != _FLOOR]
    engines = [name for name in engine or PACKAGES if find_spec(PACKAGES[name])]
    limits = [
        f"--threads={threads}",
        f"--mebibytes={mebibytes}",
        f"--cpu-seconds={cpu_seconds}",
    ]
    with TemporaryDirectory(prefix="trunkline-bench-") as folder:
        spine, half = Path(folder) / "spine", Path(folder) / "half"
        export(database, spine)
        files = {
            name: str((events_path if name == "events" else spine) / table.glob)
            for name, table in TABLES.items()
        }
        _link_every_other(events_path, half)
        halved = files | {"events": str(half / TABLES["events"].glob)}
        before = calibrate()
        run = partial(_compare, limits=limits, rounds=rounds)
        floor = run(WORKLOADS[_FLOOR], [_OURS], files, halved if slope else None, database)
        compared = [
            run(
                each,
                engines,
                files,
                halved if slope and "events" in each.tables else None,
                database,
            )
            for each in chosen
        ]
        after = calibrate()
    _print(floor, compared, engines)
    report(
        {
            "calibration": {"before": before, "after": after},
            "floor": floor,
            "comparisons": compared,
        }
    )


def _compare(
    workload: Workload,
    engines: list[str],
    files: dict[str, str],
    halved: dict[str, str] | None,
    database: Path,
    *,
    limits: list[str],
    rounds: int,
) -> Comparison:
    def case(engine: str, files: dict[str, str]) -> Case:
        return Case((engine, workload.name, f"--files={json.dumps(files)}", *limits))

    cases = {engine: case(engine, files) for engine in engines}
    smaller = {"half": case(_OURS, halved)} if halved else {}
    costs = in_turn({**cases, **smaller}, rounds)
    answers = [each.rows for each in cases.values() if each.rows is not None and not each.failure]
    right = majority(answers) if answers else []
    ours = cases.get(_OURS)
    exponent = math.log2(costs[_OURS].cpu / costs["half"].cpu) if halved and ours else None
    return Comparison(
        workload.name,
        workload.goal,
        {engine: _outcome(case, costs[engine], right) for engine, case in cases.items()},
        mart_agrees(database, workload.name, ours.rows) if ours and ours.rows else None,
        exponent,
    )


def _outcome(case: Case, cost: Cost, right: Rows) -> Outcome:
    if case.failure or case.rows is None:
        return Outcome(None, note=case.failure)
    if not agree(case.rows, right):
        return Outcome(None, checksum(case.rows), "WRONG")
    return Outcome(cost, checksum(case.rows))


def _link_every_other(events_path: Path, folder: Path) -> None:
    """Lay out every other day of the events as a delivery of its own."""
    for path in sorted(events_path.glob(TABLES["events"].glob))[::2]:
        link = folder / path.relative_to(events_path)
        link.parent.mkdir(parents=True)
        link.symlink_to(path.resolve())


def _print(floor: Comparison, compared: list[Comparison], engines: list[str]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("workload")
    for heading in [*engines, "floors", "goal", "to best peer", "slope", "mart"]:
        table.add_column(heading, justify="right")
    unit = _cpu(floor.outcomes[_OURS])
    for each in [floor, *compared]:
        ours = _cpu(each.outcomes.get(_OURS))
        table.add_row(
            each.workload,
            *(_said(each.outcomes.get(engine)) for engine in engines),
            _ratio(ours, unit),
            "" if each.goal is None else f"{each.goal:g}",
            _ratio(ours, each.best_peer),
            "" if each.exponent is None else f"{each.exponent:.2f}",
            {None: "", True: "agrees", False: "DIFFERS"}[each.mart_agrees],
        )
    Console().print(table)


def _cpu(outcome: Outcome | None) -> float:
    return outcome.cost.cpu if outcome and outcome.cost else math.nan


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    return f"{outcome.cost.cpu:.2f}" if outcome.cost else outcome.note


def _ratio(one: float, other: float) -> str:
    return "" if math.isnan(one / other) else f"{one / other:.2f}"


if __name__ == "__main__":
    typer.run(main)
