"""``trunkline headline``: where the database is and what it says."""

import typer
from rich.table import Table

from trunkline.cli.console import console, friendly, places, shown_value
from trunkline.headline import Headline, read_headlines
from trunkline.semantic.answers import Warehouse


@friendly
def headline(context: typer.Context) -> None:
    """Say where the database is and show the headline metrics of the last complete month."""
    with Warehouse(places(context).paths()) as warehouse:
        headlines = read_headlines(warehouse)
        metrics, saved = len(warehouse.engine.metrics), len(warehouse.engine.saved_queries)
        database = warehouse.paths.database
    screen = console()
    screen.print(
        f"Database: {database} ({database.stat().st_size / 2**20:.1f} MiB)", soft_wrap=True
    )
    screen.print(f"Numbers up to {headlines.as_of}; {metrics} metrics, {saved} saved queries.")
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("metric")
    for column in (f"{headlines.before:%Y-%m}", f"{headlines.month:%Y-%m}", "change"):
        table.add_column(column, justify="right")
    for row in headlines.rows:
        table.add_row(row.metric, _shown(row.before), _shown(row.now), _change(row))
    screen.print()
    screen.print(table)
    if any(None in (row.before, row.now) for row in headlines.rows):
        screen.print("A dash cannot be measured: no data, or none that are old enough.")


def _shown(value: float | None) -> str:
    if value is not None and abs(value) >= 1000:
        return f"{value:,.0f}"
    if value is not None and value == int(value):
        return f"{value:,.0f}"
    return shown_value(value)


def _change(row: Headline) -> str:
    return "–" if row.change is None else f"{row.change:+.1%}"
