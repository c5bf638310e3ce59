"""``trunkline query``: answer a metric query."""

import csv
import io
import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from trunkline.cli.console import (
    broken_name,
    console,
    counted,
    error_console,
    friendly,
    places,
    plain_value,
    shown_value,
    table_width,
)
from trunkline.semantic.answers import Answer, Warehouse, parse_day, split_names
from trunkline.semantic.engine import load_engine
from trunkline.semantic.names import METRIC_TIME
from trunkline.semantic.request import MetricRequest


class AnswerFormat(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@friendly
def query(
    context: typer.Context,
    metrics: Annotated[
        list[str] | None, typer.Option("--metrics", "-m", help="Metrics: gmv,orders")
    ] = None,
    group_by: Annotated[
        list[str] | None,
        typer.Option("--group-by", "--by", help="Dimensions: metric_time__month,channel"),
    ] = None,
    grain: Annotated[
        str | None, typer.Option(help="Short for --group-by metric_time__<grain>")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Condition: \"country = 'CN'\"; may be repeated")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(help="First day: 2026-01-01; with a grain, the first day of a bucket"),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(help="Last day: 2026-01-31; with a grain, the last day of a bucket"),
    ] = None,
    order_by: Annotated[
        list[str] | None, typer.Option("--order-by", help="Columns; -gmv for descending")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Greatest number of rows")] = None,
    saved_query: Annotated[
        str | None, typer.Option(help="A saved query in place of metrics and dimensions")
    ] = None,
    output: Annotated[
        AnswerFormat, typer.Option("--format", "-f", help="How to print the rows")
    ] = AnswerFormat.table,
    explain: Annotated[bool, typer.Option(help="Print the SQL and run nothing")] = False,
) -> None:
    """Answer metrics by dimensions, with the same SQL that every other interface runs."""
    timed = (f"{METRIC_TIME}__{grain.strip().lower()}",) if grain else ()
    request = MetricRequest(
        metrics=split_names(metrics or ()),
        group_by=timed + split_names(group_by or ()),
        where=tuple(where or ()),
        order_by=split_names(order_by or ()),
        limit=limit,
        start=parse_day(start, "start"),
        end=parse_day(end, "end"),
        saved_query=saved_query,
    )
    if explain:
        typer.echo(load_engine(places(context).target_path()).compile(request, ordered=True))
        return
    with Warehouse(places(context).paths()) as warehouse:
        answer = warehouse.answer(request)
    _print(answer, output)


def _print(answer: Answer, output: AnswerFormat) -> None:
    if output is AnswerFormat.csv:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([plain_value(value) for value in row] for row in answer.rows)
        typer.echo(buffer.getvalue(), nl=False)
    elif output is AnswerFormat.json:
        records = [
            {column: plain_value(value) for column, value in record.items()}
            for record in answer.records()
        ]
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2, default=str))
    else:
        _print_table(answer)
        error_console().print(
            f"[dim]{counted(len(answer.rows), 'row')}, "
            f"compiled in {answer.compile_seconds * 1000:.0f} ms, "
            f"answered in {answer.run_seconds * 1000:.0f} ms"
            f"{'; a dash is null' if any(None in row for row in answer.rows) else ''}[/dim]"
        )


def _print_table(answer: Answer) -> None:
    """Break headers at underscores where the table is too wide, and never break a value."""
    rows = [[shown_value(value) for value in row] for row in answer.rows]
    cells = [
        max((cell_len(row[place]) for row in rows), default=0)
        for place in range(len(answer.columns))
    ]
    screen = console()
    headers = answer.columns
    if table_width(map(max, cells, map(cell_len, headers))) > screen.width:
        headers = tuple(
            broken_name(name, width) for name, width in zip(headers, cells, strict=True)
        )
        lines = [max(map(cell_len, header.split("\n"))) for header in headers]
        screen.width = max(screen.width, table_width(map(max, cells, lines)))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for header, kind in zip(headers, answer.types, strict=True):
        text = kind in {"VARCHAR", "BOOLEAN", "DATE"} or kind.startswith("TIMESTAMP")
        table.add_column(header, justify="left" if text else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    screen.print(table)
