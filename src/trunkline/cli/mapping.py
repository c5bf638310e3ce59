"""``trunkline map``: foreign files as a folder of the raw contract."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer
import yaml
from rich.table import Table

from trunkline.cli.console import console, friendly
from trunkline.mapping import run_mapping


@friendly
def map_files(
    script: Annotated[Path, typer.Argument(help="SQL that makes tables <system>.<entity>.")],
    data: Annotated[Path, typer.Option(help="Folder of the foreign files.")],
    out: Annotated[Path, typer.Option(help="Folder to write; raw_path of the build.")],
) -> None:
    """Run a mapping script over foreign files and write the raw tables as Parquet."""
    mapped = run_mapping(script, data, out)
    table = Table("table", "rows", box=None, header_style="bold")
    for name, rows in mapped.rows.items():
        table.add_row(name, f"{rows:,}")
    screen = console()
    screen.print(table)
    name = script.resolve().parent.name if script.stem == "mapping" else script.stem
    folder = out.parent if out.parent != Path() else Path(".build") / name
    variables = {"raw_source": "files", "raw_path": str(out), **mapped.variables}
    written = yaml.safe_dump(variables, default_flow_style=True, sort_keys=False, width=1_000_000)
    screen.print("Build on them, in a database of their own:")
    for line in (
        f"export TRUNKLINE_DATABASE={quote(str(folder / name))}.duckdb"
        f" DBT_TARGET_PATH={quote(str(folder / 'target'))}",
        f"dbt build --vars {quote(written.strip())}",
    ):
        screen.print(line, soft_wrap=True, markup=False)
