"""``trunkline map``: foreign files as a folder of the raw contract."""

from pathlib import Path
from typing import Annotated

import typer
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
    table = Table("table", "rows", box=None, header_style="bold")
    for name, rows in run_mapping(script, data, out).items():
        table.add_row(name, f"{rows:,}")
    console().print(table)
    console().print(
        f"Build on them: dbt build --vars '{{raw_source: files, raw_path: {out}}}'",
        soft_wrap=True,
        markup=False,
    )
