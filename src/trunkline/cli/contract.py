"""``trunkline contract``: the raw contract as a page."""

from pathlib import Path
from typing import Annotated

import typer

from trunkline.cli.console import console, error_console, friendly, places
from trunkline.contract_docs import render_raw_contract
from trunkline.dictionary import load_manifest
from trunkline.raw_needs import measure_needs

app = typer.Typer(no_args_is_help=True, help="The contract of the raw tables.")


@app.callback()
def main() -> None:
    """Group the commands on the contract."""


@app.command("docs")
@friendly
def docs(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: docs/raw_contract.md")
    ] = None,
) -> None:
    """Write the page on the raw contract from its YAML and a built project."""
    paths = places(context).paths()
    file = out or paths.project / "docs" / "raw_contract.md"
    manifest = load_manifest(paths.manifest)
    with error_console().status("Taking every raw table away once"):
        needs = measure_needs(paths, manifest)
    text = render_raw_contract(manifest, needs)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    console().print(f"Wrote {file}", soft_wrap=True)
