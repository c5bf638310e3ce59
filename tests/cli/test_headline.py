"""`trunkline headline` compares the last complete month with the one before."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from trunkline.cli import app
from trunkline.headline import HEADLINE_METRICS, Headline, months, read_headlines
from trunkline.semantic.answers import Warehouse

from .conftest import PROJECT, Build, Run


@pytest.mark.parametrize(
    ("as_of", "month", "before"),
    [
        (date(2026, 3, 31), date(2026, 3, 1), date(2026, 2, 1)),
        (date(2026, 3, 30), date(2026, 2, 1), date(2026, 1, 1)),
        (date(2026, 1, 5), date(2025, 12, 1), date(2025, 11, 1)),
        (date(2024, 2, 29), date(2024, 2, 1), date(2024, 1, 1)),
        (date(2024, 2, 28), date(2024, 1, 1), date(2023, 12, 1)),
    ],
)
def test_a_month_counts_once_its_last_day_is_in(as_of: date, month: date, before: date) -> None:
    assert months(as_of) == (month, before)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [(100.0, 150.0, 0.5), (0.0, 5.0, None), (None, 5.0, None), (5.0, None, None), (4.0, 0.0, -1.0)],
)
def test_change_needs_both_months_and_a_base(
    before: float | None, now: float | None, change: float | None
) -> None:
    assert Headline("x", before, now).change == change


def test_every_headline_metric_has_a_row_and_gmv_is_that_of_the_export(
    warehouse: Warehouse,
) -> None:
    headlines = read_headlines(warehouse)
    assert [row.metric for row in headlines.rows] == list(HEADLINE_METRICS)
    exported = warehouse.connection.execute(
        "select gmv::double from reports.rpt_orders_monthly where metric_time__month in (?, ?) "
        "order by metric_time__month",
        [headlines.before, headlines.month],
    ).fetchall()
    assert [(headlines.rows[0].before,), (headlines.rows[0].now,)] == exported


def test_an_empty_build_is_named_with_the_remedy(built_database: Build, tmp_path: Path) -> None:
    copy = Path(shutil.copy(built_database.database, tmp_path))
    with duckdb.connect(str(copy)) as connection:
        connection.execute("delete from marts.time_spine_daily")
    places = ["--project-dir", str(PROJECT), "--target-path", str(built_database.target)]
    result = CliRunner().invoke(app, [*places, "--database", str(copy), "headline"])
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert "is empty: no valid row was loaded" in said
    assert "run `make build` (or `dbt build`) again" in said


def test_it_prints_where_the_database_is(run: Run, built_database: Build) -> None:
    result = run("headline")
    assert result.exit_code == 0, result.output
    assert str(built_database.database) in result.stdout
    assert {"gmv", "mqls", "dau"} <= {
        line.split()[0] for line in result.stdout.splitlines() if line
    }
