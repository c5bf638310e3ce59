"""Halve the events until MetricFlow alone survives them, and ask the project the same."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import duckdb
import typer
from dbt.cli.main import dbtRunner
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Cost, calibrate, in_own_process, in_turn, report
from benchmarks.workloads.answers import Rows

_FOLDER = Path(__file__).parent
_QUESTIONS = ("trailing_actives", "views_after_landing", "purchases_after_view")
_SAMPLE = """
    copy (
        select event_id, device_id, event_name, cast(occurred_at as date) as event_date
        from read_parquet('{events}/cdp/events/**/*.parquet')
        where device_id is not null and occurred_at is not null
            and event_id is not null and hash(device_id) % {share} = 0
    ) to '{sample}' (format parquet)
"""


@dataclass(frozen=True)
class Comparison:
    """A question at the largest size that MetricFlow alone survives.

    Attributes:
        question: Name of the metric.
        events: Events at that size.
        metricflow: What MetricFlow's statement took.
        ours: What the project's took.
        answers_agree: Whether both counted the same on every day.
        failures: Per larger size, how MetricFlow's statement ended.
    """

    question: str
    events: int
    metricflow: Cost
    ours: Cost
    answers_agree: bool
    failures: dict[int, str]

    @property
    def ratio(self) -> float:
        """How many times as much MetricFlow alone costs."""
        return self.metricflow.cpu / self.ours.cpu


def main(
    events_path: Annotated[Path, typer.Option(help="Raw delivery with cdp/events in it")],
    largest: Annotated[int, typer.Option(help="Begin with one device in so many")] = 1,
    smallest: Annotated[int, typer.Option(help="Give up at one device in so many")] = 4096,
    rounds: Annotated[int, typer.Option(help="Runs of each case; the cheapest counts")] = 3,
    threads: Annotated[int, typer.Option(help="Threads of DuckDB")] = 2,
    mebibytes: Annotated[int, typer.Option(help="Memory of DuckDB")] = 3072,
    cpu_seconds: Annotated[int, typer.Option(help="CPU time of one answer")] = 300,
) -> None:
    """Compare cumulative and conversion metrics straight over events with the project's shapes."""
    limits = [
        f"--threads={threads}",
        f"--mebibytes={mebibytes}",
        f"--cpu-seconds={cpu_seconds}",
    ]
    with TemporaryDirectory(prefix="trunkline-bench-") as name:
        folder = Path(name)
        _compile(folder)
        before = calibrate()
        compared = [
            _largest_survived(question, events_path, folder, largest, smallest, rounds, limits)
            for question in _QUESTIONS
        ]
        after = calibrate()
    _print(compared)
    report({"calibration": {"before": before, "after": after}, "comparisons": compared})


def _compile(folder: Path) -> None:
    """Write MetricFlow's statement for each question."""
    from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
    from metricflow_semantics.model.dbt_manifest_parser import (
        parse_manifest_from_dbt_generated_manifest,
    )
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    from trunkline.semantic.compile_client import CompileOnlyClient

    project, target = str(_FOLDER / "project"), str(folder / "target")
    os.environ["TRUNKLINE_BENCH_EVENTS"] = str(folder)  # any: nothing is read while parsing
    parsed = dbtRunner().invoke(
        [
            "--quiet", "parse",
            "--project-dir", project, "--profiles-dir", project,
            "--target-path", target, "--log-path", target,
        ]
    )  # fmt: skip
    if not parsed.success:
        raise RuntimeError(f"{project} does not parse: {parsed.exception}")
    manifest = parse_manifest_from_dbt_generated_manifest(
        (folder / "target" / "semantic_manifest.json").read_text()
    )
    engine = MetricFlowEngine(SemanticManifestLookup(manifest), CompileOnlyClient())
    for question in _QUESTIONS:
        request = MetricFlowQueryRequest.create(
            metric_names=(question,), group_by_names=("metric_time__day",)
        )
        statement = engine.explain(request).sql_statement.without_descriptions.sql
        (folder / f"{question}.sql").write_text(statement)


def _largest_survived(
    question: str,
    events_path: Path,
    folder: Path,
    largest: int,
    smallest: int,
    rounds: int,
    limits: list[str],
) -> Comparison:
    theirs, ours = folder / f"{question}.sql", _FOLDER / "ours" / f"{question}.sql"
    failures: dict[int, str] = {}
    share = largest
    while share <= smallest:
        sample = folder / f"events_{share}.parquet"
        events = _write_sample(events_path, sample, share)
        try:
            cost, rows = _run(theirs, sample, limits)
        except RuntimeError as error:
            failures[events] = str(error).strip().splitlines()[-1]
            share *= 2
            continue
        costs = in_turn(
            {
                name: lambda statement=statement, sample=sample: _run(statement, sample, limits)[0]
                for name, statement in (("ours", ours), ("metricflow", theirs))
            },
            rounds,
        )
        return Comparison(
            question,
            events,
            min(cost, costs["metricflow"], key=lambda cost: cost.cpu),
            costs["ours"],
            rows == _run(ours, sample, limits)[1],
            failures,
        )
    raise RuntimeError(f"{question}: MetricFlow alone survives no size; the last: {failures}")


def _write_sample(events_path: Path, sample: Path, share: int) -> int:
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GiB"}) as connection:
        if not sample.exists():
            connection.execute(_SAMPLE.format(events=events_path, sample=sample, share=share))
        counted = connection.execute(f"select count(*) from '{sample}'").fetchone()
    return counted[0] if counted else 0


def _run(statement: Path, events: Path, limits: list[str]) -> tuple[Cost, Rows]:
    done: Any = in_own_process("benchmarks.metricflow.case", str(statement), str(events), *limits)
    return Cost(**done["cost"]), done["rows"]


def _print(compared: list[Comparison]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("question", "events", "metricflow", "ours", "ratio", "answers", "failed at"):
        table.add_column(heading, justify="left" if heading == "question" else "right")
    for each in compared:
        table.add_row(
            each.question,
            f"{each.events:,}",
            f"{each.metricflow.cpu:.2f}",
            f"{each.ours.cpu:.2f}",
            f"{each.ratio:.0f}",
            "agree" if each.answers_agree else "DIFFER",
            f"{min(each.failures, default=math.inf):,}",
        )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
