"""``trunkline exports``: the models that make tables of saved queries."""

from typing import Annotated

import typer

from trunkline.cli.console import console, friendly, places
from trunkline.dictionary import load_manifest
from trunkline.errors import TrunklineError
from trunkline.export_models import FOLDER, read_exports, render_files
from trunkline.semantic.answers import Warehouse

app = typer.Typer(no_args_is_help=True, help="Saved queries as tables.")


@app.callback()
def main() -> None:
    """Group the commands on exports."""


@app.command("write")
@friendly
def write(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a file is out of date")
    ] = False,
) -> None:
    """Write the model of every saved query, and their YAML, from a built project."""
    with Warehouse(places(context).paths()) as warehouse:
        paths = warehouse.paths
        files = render_files(read_exports(warehouse, load_manifest(paths.manifest)))
    folder = paths.project / FOLDER
    stale = sorted(
        {path.name for path in folder.glob("*") if path.is_file() and path.name not in files}
        | {
            name
            for name, text in files.items()
            if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
        }
    )
    if check:
        if stale:
            raise TrunklineError(
                f"{', '.join(stale)} in {folder} do not fit the saved queries; run "
                "`trunkline exports write`."
            )
        console().print(f"All {len(files)} files of {FOLDER} fit the saved queries.")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in files:
            (folder / name).write_text(files[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    console().print(f"{len(stale)} of {len(files)} files of {FOLDER} were out of date.")
