"""The command line. Everything that prints lives here."""

from pathlib import Path
from typing import Annotated

import typer

from trunkline.cli import contract, demo, exports, headline, mapping, metrics, query
from trunkline.cli.console import Places

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Trunkline: one metric system, from raw tables to numbers.",
)
app.command("demo")(demo.demo)
app.command("map")(mapping.map_files)
app.command("query")(query.query)
app.command("headline")(headline.headline)
app.add_typer(metrics.app, name="metrics")
app.add_typer(contract.app, name="contract")
app.add_typer(exports.app, name="exports")


@app.callback()
def main(
    context: typer.Context,
    project_dir: Annotated[
        Path | None, typer.Option(help="Folder of dbt_project.yml; default: here or above.")
    ] = None,
    target_path: Annotated[
        Path | None, typer.Option(help="dbt's target folder; default: as dbt finds it.")
    ] = None,
    database: Annotated[
        Path | None, typer.Option(help="DuckDB file; default: the path of the dbt profile.")
    ] = None,
) -> None:
    """Keep where the project lies for the command that follows."""
    context.obj = Places(project=project_dir, target=target_path, database=database)
