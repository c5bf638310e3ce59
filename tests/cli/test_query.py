"""`trunkline query` answers with the build's numbers, or says what to write instead."""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import trunkline
from trunkline.paths import ProjectPaths
from trunkline.semantic.answers import Warehouse
from trunkline.semantic.engine import load_engine
from trunkline.semantic.request import MetricRequest

from .conftest import PROJECT, Build, Run


def test_json_holds_what_the_export_of_the_same_query_holds(run: Run, warehouse: Warehouse) -> None:
    result = run("query", "-m", "gmv,orders", "--grain", "month", "-f", "json")
    assert result.exit_code == 0, result.output
    answered = [
        (row["metric_time__month"], row["gmv"], row["orders"]) for row in json.loads(result.stdout)
    ]
    exported = warehouse.connection.execute(
        "select strftime(metric_time__month, '%Y-%m-%d'), gmv::double, orders::bigint "
        "from reports.rpt_orders_monthly order by 1"
    ).fetchall()
    assert len(exported) > 12
    assert answered == exported


def test_csv_and_json_hold_the_same_rows(run: Run) -> None:
    arguments = ("query", "-m", "ad_spend,leads", "--grain", "month", "--by", "channel")
    records = json.loads(run(*arguments, "-f", "json").stdout)
    lines = list(csv.DictReader(run(*arguments, "-f", "csv").stdout.splitlines()))
    assert records
    assert [
        {key: "" if value is None else str(value) for key, value in record.items()}
        for record in records
    ] == lines


def test_rows_come_in_the_order_of_time_and_dimension(run: Run) -> None:
    result = run("query", "-m", "leads", "--by", "channel", "--grain", "quarter", "-f", "csv")
    keys = [tuple(line.split(",")[:2]) for line in result.stdout.splitlines()[1:]]
    assert len(keys) > 4
    assert keys == sorted(keys)


def test_a_saved_query_comes_in_the_order_of_time(run: Run) -> None:
    arguments = ("query", "--saved-query", "marketing_channel_monthly", "-f", "csv")
    lines = run(*arguments).stdout.splitlines()[1:]
    keys = [tuple(line.split(",")[:2]) for line in lines]
    assert len(keys) > 30
    assert keys == sorted(keys)
    assert run(*arguments, "--limit", "7").stdout.splitlines()[1:] == lines[:7]


def test_equal_values_come_in_the_order_of_time_and_dimension(run: Run) -> None:
    arguments = ("query", "-m", "leads", "--grain", "month", "--by", "channel")
    result = run(*arguments, "--order-by", "-leads", "-f", "json")
    rows = json.loads(result.stdout)
    keys = [(-(row["leads"] or 0), row["metric_time__month"], row["channel"]) for row in rows]
    assert keys == sorted(keys)
    assert len({key[0] for key in keys}) < len(keys)


def test_limit_order_and_time_range_are_honoured(run: Run, warehouse: Warehouse) -> None:
    day = warehouse.connection.execute(
        "select max(date_day) from marts.time_spine_daily"
    ).fetchone()
    assert day is not None
    result = run(
        "query", "-m", "orders", "--grain", "month", "--order-by", "-orders", "--limit", "2",
        "--start", "2000-01-01", "--end", f"{day[0]}", "-f", "json",
    )  # fmt: skip
    values = [row["orders"] for row in json.loads(result.stdout)]
    assert len(values) == 2
    assert values == sorted(values, reverse=True)


def test_a_condition_in_plain_words_filters(run: Run) -> None:
    every = json.loads(run("query", "-m", "ad_spend", "--by", "channel", "-f", "json").stdout)
    first = every[0]["channel"]
    result = run("query", "-m", "ad_spend", "--where", f"channel = '{first}'", "-f", "json")
    assert json.loads(result.stdout) == [{"ad_spend": every[0]["ad_spend"]}]


def test_the_table_shows_every_row_and_says_how_many(run: Run) -> None:
    result = run("query", "-m", "orders", "--grain", "year")
    years = [line.split()[0] for line in result.stdout.splitlines()[1:]]
    assert all(year.endswith("-01-01") for year in years)
    assert f"{len(years)} rows, compiled in" in result.stderr


def test_a_wide_table_breaks_names_at_underscores_and_no_value(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    metrics = "leads_reached_opportunity_in_window,leads_reached_won_in_window,attributed_revenue"
    arguments = ("query", "-m", metrics, "--grain", "month", "--by", "channel", "--limit", "40")
    result = run(*arguments)
    lines = result.stdout.splitlines()
    header = [line for line in lines if not line.startswith("20")]
    names = {word for line in header for word in line.split()}
    assert {part for name in names for part in name.split("_") if part} <= {
        *metrics.replace(",", "_").split("_"), "metric", "time", "month", "channel",
    }  # fmt: skip
    assert len(lines) - len(header) == 40
    assert "a dash is null" in " ".join(result.stderr.split())


def test_explain_prints_sql_and_needs_no_database(built_database: Build, run: Run) -> None:
    result = run("--database", "/nowhere.duckdb", "query", "-m", "gmv", "--explain")
    assert result.exit_code == 0
    assert "sum(" in result.stdout.lower()
    assert "fct_orders" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-m", "gmw"], "There is no metric 'gmw'. Did you mean gmv"),
        (["-m", "客单价"], "There is no metric '客单价'. Did you mean aov?"),
        (["-m", "毛利"], "Did you mean gross_profit?"),
        (["-m", "revenu"], "Did you mean revenue"),
        (["-m", "gmv,orders,GMV"], "The metric gmv is named twice"),
        (
            ["-m", "gmv", "--grain", "month", "--by", "metric_time__month"],
            "metric_time__month twice",
        ),
        (["-m", "gmv", "--by", "channol"], "no dimension 'channol' for gmv"),
        (["-m", "gmv", "--grain", "hour"], "gmv does not answer by hour; it answers by"),
        (["-m", "cpl", "--grain", "mont"], "Did you mean month?"),
        (["-m", "leads,dau", "--by", "lead__country"], "dau cannot be cut by 'lead__country'"),
        (["--saved-query", "company_timelin"], "Did you mean company_timeline"),
        (["--saved-query", "company_timeline", "-m", "gmv"], "brings its own metrics"),
        (["-m", "gmv", "--start", "yesterday"], "is no date"),
        (["-m", "gmv", "--start", "2026-02-01", "--end", "2026-01-01"], "lies after the end"),
        (["-m", "gmv", "--limit", "-1"], "it must be 0 or more"),
        (["-m", "gmv", "--order-by", "leads"], "no column 'leads' to order by"),
        (["-m", "gmv", "--where", "channel = "], "There is no|cannot be cut|DuckDB refuses"),
        ([], "at least one metric"),
    ],
)
def test_a_wrong_request_is_answered_in_a_sentence(
    arguments: list[str], sentence: str, run: Run
) -> None:
    result = run("query", *arguments)
    assert result.exit_code == 2
    assert any(part in " ".join(result.stderr.split()) for part in sentence.split("|"))
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (["--database", "/nowhere.duckdb"], "no database at /nowhere.duckdb. Run `make build`"),
        (
            ["--target-path", "/nowhere"],
            "/nowhere/semantic_manifest.json does not exist. Run `make",
        ),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_makes_it(
    places: list[str], sentence: str, run: Run
) -> None:
    result = run(*places, "query", "-m", "gmv")
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())


def test_the_installed_command_answers_in_the_project(built_database: Build) -> None:
    command = str(Path(sys.executable).with_name("trunkline"))
    places = {
        "DBT_TARGET_PATH": str(built_database.target),
        "TRUNKLINE_DATABASE": str(built_database.database),
    }
    good, bad = (
        subprocess.run(
            [command, "query", "-m", metric, "-f", "csv"],
            cwd=PROJECT, env=os.environ | places, capture_output=True, text=True, check=False,
        )
        for metric in ("gmv", "gmw")
    )  # fmt: skip
    assert (good.returncode, bad.returncode) == (0, 2), good.stderr + bad.stderr
    assert good.stdout.splitlines()[0] == "gmv"
    assert float(good.stdout.splitlines()[1]) > 0
    assert "Did you mean gmv" in bad.stderr
    assert "Traceback" not in good.stderr + bad.stderr


def test_the_python_function_returns_columns_and_rows(built_database: Build) -> None:
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    answer = trunkline.query("gmv,orders", group_by="metric_time__year", paths=paths)
    assert answer.columns == ("metric_time__year", "gmv", "orders")
    assert answer.records()[0]["orders"] == answer.rows[0][2]
    assert list(answer.to_pandas()["orders"]) == [row[2] for row in answer.rows]
    assert answer.to_arrow().column_names == list(answer.columns)
    with pytest.raises(trunkline.RequestError, match="Did you mean gmv"):
        trunkline.query("gmvv", paths=paths)


def test_the_function_holds_no_lock_after_it_has_answered(
    built_database: Build, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(built_database.database, tmp_path))
    trunkline.query("gmv", paths=ProjectPaths(PROJECT, built_database.target, copy))
    writer = f"import duckdb; duckdb.connect({str(copy)!r}).execute('create table x as select 1')"
    subprocess.run([sys.executable, "-c", writer], check=True)


def test_a_renamed_copy_of_the_database_answers_the_same(
    built_database: Build, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(built_database.database, tmp_path / "published copy.duckdb"))
    both = [
        trunkline.query("gmv", paths=ProjectPaths(PROJECT, built_database.target, database)).rows
        for database in (built_database.database, copy)
    ]
    assert both[0] == both[1]


def test_a_database_that_is_being_written_is_named(built_database: Build, tmp_path: Path) -> None:
    copy = Path(shutil.copy(built_database.database, tmp_path))
    holder = "import duckdb,sys; c=duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(copy)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(trunkline.TrunklineError, match="is being written by another process"):
            trunkline.query("gmv", paths=ProjectPaths(PROJECT, built_database.target, copy))
        process.communicate("\n")


def test_the_engine_stays_warm_until_dbt_writes_another_manifest(
    built_database: Build, tmp_path: Path
) -> None:
    manifest = Path(shutil.copy(built_database.target / "semantic_manifest.json", tmp_path))
    first = load_engine(tmp_path)
    assert load_engine(tmp_path) is first
    os.utime(manifest, ns=(time.time_ns(), time.time_ns() + 10**9))
    assert load_engine(tmp_path) is not first


def test_a_warm_compile_takes_less_than_half_a_second(built_database: Build) -> None:
    """Measured at 10 to 130 ms; a second would mean that the engine is loaded again."""
    engine = load_engine(built_database.target)
    request = MetricRequest(metrics=("gmv", "leads"), group_by=("metric_time__month",))
    engine.compile(request)
    began = time.process_time()
    engine.compile(request)
    assert time.process_time() - began < 0.5
