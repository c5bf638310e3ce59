"""What the commands share: places, consoles, errors and the way values are written."""

import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import typer
from rich.console import Console

from trunkline.errors import TrunklineError
from trunkline.paths import ProjectPaths, resolve_paths, resolve_target

PIPE_WIDTH = 160

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True)
class Places:
    """Where the options of the command line say that the project lies.

    Attributes:
        project: Folder of ``dbt_project.yml``.
        target: dbt's target folder.
        database: The DuckDB file.
    """

    project: Path | None = None
    target: Path | None = None
    database: Path | None = None

    def paths(self) -> ProjectPaths:
        """Resolve all three.

        Returns:
            Absolute paths.
        """
        return resolve_paths(self.project, self.target, self.database)

    def target_path(self) -> Path:
        """Resolve the target folder alone, for commands that need no database.

        Returns:
            An absolute path.
        """
        return resolve_target(self.project, self.target)


def friendly(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Make a command print an error's sentence, not a traceback, and end with its exit code.

    Args:
        command: The command.

    Returns:
        The command, with the same signature.
    """

    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TrunklineError as error:
            error_console().print("Error:", style="red", end=" ")
            error_console().print(str(error), markup=False, soft_wrap=True)
            raise typer.Exit(error.exit_code) from None

    return wrapped


def places(context: typer.Context) -> Places:
    """Read the places that the main options gave.

    Args:
        context: The context of a command.

    Returns:
        The places.
    """
    return context.find_root().obj or Places()


def console() -> Console:
    """Make a console on standard output, wide enough for tables when it is a pipe.

    Returns:
        The console.
    """
    fixed = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=PIPE_WIDTH if fixed else None, highlight=False)


def error_console() -> Console:
    """Make a console on standard error.

    Returns:
        The console.
    """
    return Console(stderr=True, highlight=False)


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Args:
        count: How many.
        noun: The noun in the singular; its plural takes an s.

    Returns:
        Such as ``1 row`` or ``12 rows``.
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def broken_name(name: str, width: int) -> str:
    """Break a name into lines, after underscores only.

    Args:
        name: Such as ``leads_reached_won_in_window``.
        width: Greatest length of a line; a longer word stays whole.

    Returns:
        The name with line breaks.
    """
    width = max(width, *map(len, re.findall(r"[^_]+_*", name)), 0)
    lines = [""]
    for word in re.findall(r"[^_]*_+|[^_]+$", name):
        if lines[-1] and len(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def table_width(columns: Iterable[int]) -> int:
    """Give the width of a table without a box.

    Args:
        columns: Widths of its columns.

    Returns:
        Their sum with two blanks between each two.
    """
    widths = list(columns)
    return sum(widths) + 2 * (len(widths) - 1)


def plain_value(value: object) -> object:
    """Write a value for CSV and JSON: midnight as its day, exact numbers as numbers.

    Args:
        value: A value of an answer.

    Returns:
        A value that JSON knows.
    """
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.as_tuple().exponent else int(value)
    return value


def shown_value(value: object) -> str:
    """Write a value for a table that people read.

    Args:
        value: A value of an answer.

    Returns:
        Thousands separated, four digits of a rate, two of money, a dash for what is not measurable.
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4f}"
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    return str(plain_value(value))
