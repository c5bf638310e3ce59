"""``trunkline metrics``: the dictionary."""

import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.markdown import Markdown
from rich.table import Table
from rich.tree import Tree

from trunkline.cli.console import console, counted, error_console, friendly, places
from trunkline.dictionary import (
    Dictionary,
    Metric,
    Part,
    listed_words,
    load_manifest,
    read_dictionary,
)
from trunkline.errors import RequestError
from trunkline.paths import MANIFEST
from trunkline.semantic.names import check_name, listed, nearest

app = typer.Typer(no_args_is_help=True, help="The metric dictionary.")

_SHOWN = (
    "tier",
    "unit",
    "better",
    "kind",
    "journey_stage",
    "time_basis",
    "grains",
    "dimensions",
    "additivity",
    "window_days",
    "frequency",
    "sources",
    "aliases",
    "decision_use",
    "pitfall",
)


class ListFormat(StrEnum):
    """How entries are printed."""

    table = "table"
    json = "json"


@app.command("list")
@friendly
def list_metrics(
    context: typer.Context,
    department: Annotated[str | None, typer.Option(help="Only this department's")] = None,
    search: Annotated[
        str | None, typer.Option(help="Words in the name, either label or an alias")
    ] = None,
    output: Annotated[ListFormat, typer.Option("--format", "-f")] = ListFormat.table,
) -> None:
    """List the metrics."""
    dictionary = _dictionary(context)
    chosen = check_name(department, dictionary.departments, "department") if department else None
    found = dictionary.select(chosen, search)
    if output is ListFormat.json:
        typer.echo(
            json.dumps(
                [metric.as_dict() for metric in found], ensure_ascii=False, indent=2, default=str
            )
        )
        return
    if not found and search:
        near = nearest(search.lower(), dictionary.metrics)
        hint = f" Did you mean {listed(near, 'or')}?" if near else ""
        raise RequestError(f"No metric is called {search!r}.{hint}")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("metric", "label", "department", "type", "unit", "grains"):
        table.add_column(column, overflow="fold")
    for metric in found:
        table.add_row(
            metric.name,
            metric.label,
            metric.department,
            metric.type,
            str(metric.meta.get("unit", "")),
            _grains(metric),
        )
    console().print(table)
    error_console().print(f"[dim]{counted(len(found), 'metric')}[/dim]")


@app.command("describe")
@friendly
def describe(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The metric's name")],
    output: Annotated[ListFormat, typer.Option("--format", "-f")] = ListFormat.table,
) -> None:
    """Describe a metric: what it counts, how it is computed, how it misleads."""
    dictionary = _dictionary(context)
    metric = dictionary.metrics[_known(name, dictionary)]
    if output is ListFormat.json:
        typer.echo(json.dumps(metric.as_dict(), ensure_ascii=False, indent=2, default=str))
        return
    screen = console()
    screen.print(f"[bold]{metric.name}[/bold]  {metric.label}")
    screen.print()
    screen.print(Markdown(metric.description))
    screen.print()
    screen.print(_tree(metric.formula, Tree("[bold]Computed as[/bold]")))
    screen.print()
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="bold")
    facts.add_column(overflow="fold")
    facts.add_row("owner", " · ".join(part for part in (metric.group, metric.owner) if part) or "–")
    facts.add_row("department", metric.department or "–")
    for key in (*_SHOWN, *sorted(set(metric.meta) - {*_SHOWN, "department", "formula"})):
        value = metric.meta.get(key)
        if value not in (None, [], ""):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            facts.add_row(key.replace("_", " "), shown)
    if metric.saved_queries:
        facts.add_row("saved queries", ", ".join(metric.saved_queries))
    screen.print(facts)


def _dictionary(context: typer.Context) -> Dictionary:
    return read_dictionary(load_manifest(places(context).target_path() / MANIFEST))


def _known(name: str, dictionary: Dictionary) -> str:
    """Take a name, or the only metric that a label or an alias finds."""
    if name.strip().lower() not in dictionary.metrics:
        exact = [
            metric.name
            for metric in dictionary.metrics.values()
            if name.strip().casefold() in {alias.casefold() for alias in metric.aliases}
        ]
        if len(exact) == 1:
            return exact[0]
    return check_name(name, dictionary.metrics, "metric")


def _grains(metric: Metric) -> str:
    grains = listed_words(metric.meta.get("grains"))
    return f"{grains[0]} … {grains[-1]}" if len(grains) > 2 else ", ".join(grains)


def _tree(part: Part, branch: Tree) -> Tree:
    label = f"{part.name} = {part.text}" if part.name else part.text
    step = branch.add(label.replace("[", "\\["))
    for condition in part.conditions:
        step.add(f"where {condition}".replace("[", "\\["))
    for item in part.inputs:
        _tree(item, step)
    return branch
