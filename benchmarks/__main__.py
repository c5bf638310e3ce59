"""Everything in one run: ``python -m benchmarks --events 10_000_000``.

Generates the events unless they are there, builds all but the last day, then the day, then the
day's trouble, asks every metric, compares the engines, and writes what it saw as JSON, Markdown
and a picture.
"""

import json
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.build import PROJECT
from benchmarks.measure import Json, calibrate, in_own_process
from benchmarks.summary import markdown, picture

STEPS = ("new_day", "latency", "peers", "metricflow", "pathological")


def main(
    events: Annotated[str, typer.Option(help="About how many, such as 10_000_000.")],
    folder: Annotated[Path, typer.Option(help="Where data and databases may lie.")] = Path(
        ".build/bench"
    ),
    out: Annotated[Path | None, typer.Option(help="Where results go; default the folder.")] = None,
    step: Annotated[list[str] | None, typer.Option(help=f"Only these of {STEPS}.")] = None,
) -> None:
    """Measure a build, a day, an answer and the peers at one size."""
    size = int(events.replace("_", ""))
    console, folder = Console(stderr=True), folder.absolute()
    data, scratch = folder / f"events_{size}", folder / f"scratch_{size}"
    results = (out or scratch).absolute()
    for place in (folder, scratch, results):
        place.mkdir(parents=True, exist_ok=True)
    if not (data / "ANSWER_KEY.json").exists():
        console.log(f"generating {size:,} events")
        _generate(size, data)
    database, target = scratch / "new_day.duckdb", scratch / "target"
    arguments = {
        "new_day": ("--data", str(data), "--folder", str(scratch)),
        "latency": ("--database", str(database), "--target", str(target)),
        "peers": ("--events-path", str(scratch / "raw"), "--database", str(database)),
        "metricflow": ("--events-path", str(data)),
        "pathological": (),
    }
    file = results / f"events_{size}.json"
    answers: dict[str, Json] = json.loads(file.read_text()) if file.exists() else {}
    for name in step or STEPS:
        console.log(f"measuring {name}")
        before = calibrate()
        answers[name] = in_own_process(f"benchmarks.{name}", *arguments[name])
        answers["run"] = {
            "date": str(date.today()),
            "events": size,
            "machine": f"{platform.machine()}, Python {platform.python_version()}, "
            f"DuckDB {version('duckdb')}",
            "calibration": {"before": before, "after": calibrate()},
        }
        file.write_text(json.dumps(answers, indent=1))
    file.with_suffix(".md").write_text(markdown(answers))
    picture(answers, file.with_suffix(".png"))
    console.log(f"{file.with_suffix('.md')}")


def _generate(events: int, data: Path) -> None:
    subprocess.run(
        [
            Path(sys.executable).with_name("trunkline"), "demo",
            "--events", str(events), "--persons", str(max(1000, events // 100)), "--days", "220",
            "--format", "parquet", "--out", data,
        ],
        cwd=PROJECT,
        check=True,
    )  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
