"""``trunkline demo``: the demo company's raw tables."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from trunkline.cli.console import console, error_console, friendly
from trunkline.errors import RequestError


class FileFormat(StrEnum):
    """Formats of the raw files."""

    csv = "csv"
    parquet = "parquet"


@friendly
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write to")],
    persons: Annotated[int, typer.Option(min=1, help="Persons of the company's world")] = 1000,
    days: Annotated[int, typer.Option(min=1, help="Days of history")] = 430,
    events: Annotated[
        int | None,
        typer.Option(min=1, help="About how many events, by longer visits; default: short visits"),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company")] = 7,
    file_format: Annotated[
        FileFormat, typer.Option("--format", "-f", help="Format of the files")
    ] = FileFormat.parquet,
) -> None:
    """Generate the raw tables of the demo company."""
    from trunkline.demo import write_demo

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=error_console(),
        transient=True,
    ) as bar:
        task = bar.add_task("demo company", total=1.0)

        def progress(stage: str, share: float) -> None:
            bar.update(task, description=stage, completed=share)

        try:
            out.mkdir(parents=True, exist_ok=True)
            summary = write_demo(persons, days, seed, out, file_format.value, progress, events)
        except (ValueError, OSError) as error:
            reason = getattr(error, "strerror", None)
            raise RequestError(
                f"{out} cannot be written: {reason}; choose another folder."
                if reason
                else str(error)
            ) from error
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("table")
    table.add_column("rows", justify="right")
    for name, rows in summary.rows.items():
        table.add_row(name, f"{rows:,}")
    screen = console()
    screen.print(table)
    screen.print(
        f"{summary.first_date} to {summary.as_of_date} in {summary.out}; what was planted stands "
        f"in {summary.answer_key.name}. Build it with",
        soft_wrap=True,
    )
    variables = f"{{raw_source: files, raw_path: {summary.out}}}"
    screen.print(f"dbt build --vars '{variables}'", soft_wrap=True)
