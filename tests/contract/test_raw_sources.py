"""The raw layer reads the same rows from seeds, files and tables, and says what is wrong."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.oracle.raw import Table, read_contract
from tests.support import BUILD, PROJECT, DbtBuild, run_dbt

SYSTEMS = ("ads", "cdp", "crm", "erp")


def tables() -> list[tuple[str, str]]:
    return sorted(
        (seed.parent.name, seed.stem.split("__")[1]) for seed in PROJECT.glob("seeds/raw/*/*.csv")
    )


def build_staging(folder: Path, variables: str) -> str:
    """Build the raw and staging layers of a scratch database; return what dbt printed."""
    shutil.rmtree(folder, ignore_errors=True)
    finished = run_dbt("run", "--select", "raw", "staging", folder=folder, variables=variables)
    return "" if finished.returncode == 0 else finished.stdout


def staging_counts(database: Path) -> dict[str, tuple[int, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'staging'"
        ).fetchall()
        return {
            name: connection.execute(
                f"select count(*), coalesce(bit_xor(md5_number_lower(cast(t as varchar))), 0)"
                f" from staging.{name} as t"
            ).fetchone()
            for (name,) in names
            if "quarantined" not in name
        }


@pytest.fixture(scope="module")
def contract() -> dict[str, Table]:
    return read_contract(PROJECT / "models" / "raw")


@dataclass(frozen=True)
class Delivery:
    """The demo company as somebody else would deliver it: formats in turn, and how rows read."""

    formats: tuple[str, ...]
    select: Callable[[Table], str]


def as_text(table: Table) -> str:
    """The seed's texts as they are."""
    return "select * from seed"


def as_dirty_text(table: Table) -> str:
    """Blank for null, white space around every text, and local time with its offset."""
    columns = []
    for column in table.columns:
        text = column.name
        if column.data_type == "timestamp":
            local = f"try_cast({text} as timestamp) + interval 330 minute"
            text = f"coalesce(cast({local} as varchar) || '+05:30', {text})"
        dirty = f"chr(12288) || chr(9) || {text} || chr(160) || ' ' || chr(13) || chr(10)"
        columns.append(f"coalesce({dirty}, ' ' || chr(9)) as {column.name}")
    return f"select {', '.join(columns)} from seed"


def as_typed(table: Table) -> str:
    """Every column in its contract type, which a value that does not convert cannot have."""
    columns, fits = [], []
    for column in table.columns:
        value = f"try_cast({column.name} as {column.data_type})"
        fit = f"({column.name} is null or {value} is not null)"
        if column.data_type == "bigint":
            fit = f"{fit} and coalesce(try_cast({column.name} as double) % 1, 0) = 0"
        columns.append(f"{value} as {column.name}")
        fits.append(fit)
    return f"select {', '.join(columns)} from seed where {' and '.join(fits)}"


DELIVERIES = {
    "text_in_three_formats": Delivery(("csv", "json", "parquet"), as_text),
    "dirty_text_in_two_formats": Delivery(("parquet", "parquet", "csv"), as_dirty_text),
    "parquet_with_types": Delivery(("parquet",), as_typed),
}


def deliver(delivery: Delivery, contract: dict[str, Table], root: Path) -> None:
    """Write the demo company into a folder."""
    connection = duckdb.connect()
    for number, (system, entity) in enumerate(tables()):
        seed = PROJECT / "seeds" / "raw" / system / f"{system}__{entity}.csv"
        (root / system).mkdir(exist_ok=True)
        file_format = delivery.formats[number % len(delivery.formats)]
        connection.execute(
            f"copy (with seed as (from read_csv('{seed}', all_varchar = true, header = true))"
            f" {delivery.select(contract[f'{system}__{entity}'])})"
            f" to '{root}/{system}/{entity}.{file_format}' (format {file_format})"
        )


@pytest.fixture(scope="module")
def staged(
    request: pytest.FixtureRequest,
    contract: dict[str, Table],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A database with the staging layer over one of the deliveries."""
    root = tmp_path_factory.mktemp("files")
    deliver(DELIVERIES[request.param], contract, root)
    folder = BUILD / "files"
    assert build_staging(folder, f"{{raw_source: files, raw_path: '{root}'}}") == ""
    return folder / "trunkline.duckdb"


@pytest.mark.parametrize("staged", DELIVERIES, indirect=True)
def test_files__give_the_same_staging_rows_as_seeds(staged: Path, built_database: DbtBuild) -> None:
    assert staging_counts(staged) == staging_counts(built_database.database)


@pytest.mark.parametrize("staged", ["parquet_with_types"], indirect=True)
@pytest.mark.parametrize("column", ["loaded_at", "occurred_at"])
def test_a_filter_on_time__reaches_the_row_groups_of_parquet_with_types(
    staged: Path, column: str
) -> None:
    with duckdb.connect(str(staged), read_only=True) as connection:
        ((_, plan),) = connection.execute(
            "explain select loaded_at from raw.raw_cdp__events"
            f" where {column} >= timestamp '2026-01-01'"
        ).fetchall()
    assert re.search(rf"Filters:\W+{column}>='2026-01-01", plan), plan


def test_schema__gives_the_same_staging_rows_as_seeds(built_database: DbtBuild) -> None:
    folder = BUILD / "schema"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "trunkline.duckdb")) as connection:
        connection.execute("create schema delivered")
        for system, entity in tables():
            seed = PROJECT / "seeds" / "raw" / system / f"{system}__{entity}.csv"
            connection.execute(
                f"create table delivered.{system}__{entity} as"
                f" from read_csv('{seed}', all_varchar = true, header = true)"
            )
    finished = run_dbt(
        "run", "--select", "raw", "staging",
        folder=folder, variables="{raw_source: schema, raw_schema: delivered}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    assert staging_counts(folder / "trunkline.duckdb") == staging_counts(built_database.database)


def delivery(folder: Path, **texts: str) -> Path:
    root = folder / "raw"
    for name, text in texts.items():
        system, entity = name.split("__")
        (root / system).mkdir(parents=True, exist_ok=True)
        (root / system / f"{entity}.csv").write_text(text)
    return root


ORDERS = "order_id,ordered_at,status,list_amount,loaded_at\nS1,2026-01-02,paid,10,2026-01-03\n"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            {"erp__orders": "order_id,status,loaded_at\nS1,paid,2026-01-03\n"},
            ["column ordered_at", "erp/orders.csv", "add or rename"],
        ),
        (
            {"erp__orders": 'order_id,ordered_at\n"S1,2026-01-02\n'},
            ["erp/orders.csv", "cannot be read", "Line: 2", "deliver it again"],
        ),
    ],
    ids=["missing_column", "unreadable_file"],
)
def test_bad_delivery__stops_with_place_and_remedy(
    tmp_path: Path, texts: dict[str, str], words: list[str]
) -> None:
    root = delivery(tmp_path, **texts)
    printed = build_staging(tmp_path / "run", f"{{raw_source: files, raw_path: '{root}'}}")
    assert printed
    said = " ".join(printed.split())
    assert not [word for word in words if said.count(word) != 1], said
    assert "created" not in said


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (
            "nowhere",
            "raw_schema is nowhere, and there is no such schema; trunkline has delivered, ",
        ),
        ("delivered", "required column refund_id is missing in"),
        ("partial", "required table erp.orders is missing in partial, which has refunds"),
    ],
)
def test_bad_schema__stops_with_place_and_remedy(tmp_path: Path, schema: str, words: str) -> None:
    with duckdb.connect(str(tmp_path / "trunkline.duckdb")) as connection:
        connection.execute("create schema delivered; create schema partial")
        connection.execute("create table delivered.erp__refunds as select 'S1' as order_id")
        connection.execute(
            "create table partial.erp__refunds as select 'R1' as refund_id, 'S1' as order_id,"
            " '2026-01-02' as refunded_at, 1 as amount, '2026-01-03' as loaded_at"
        )
    finished = run_dbt(
        "run", "--select", "raw", "staging",
        folder=tmp_path, variables=f"{{raw_source: schema, raw_schema: {schema}}}",
    )  # fmt: skip
    assert finished.returncode != 0
    said = " ".join(finished.stdout.split())
    assert said.count(words) == 1, said
    assert "created" not in said


def test_bad_delivery__stops_no_command_that_reads_none_of_it(tmp_path: Path) -> None:
    variables = "{raw_source: files, raw_path: /nowhere}"
    finished = run_dbt("seed", "--select", "reference", folder=tmp_path, variables=variables)
    assert finished.returncode == 0, finished.stdout


def test_offsets__are_converted_and_bad_values_quarantined(tmp_path: Path) -> None:
    text = (
        "order_id,ordered_at,status,list_amount,loaded_at\n"
        "S1,2026-01-02T01:00:00+08:00,paid,10,2026-01-03T00:00:00Z\n"
        "S2,2026-01-02T01:00:00Z,paid,ten,2026-01-03\n"
        "S3,2026-01-02,sold,10,2026-01-03\n"
        ",2026-01-02,paid,10,2026-01-03\n"
        "S5,2026-01-05,paid,-1,2026-01-03\n"
        "S6,2026-01-02,paid,10,2026-01-03\n"
        "S6,2026-01-02,paid,11,2026-01-03\n"
        "S7,0202-01-02,paid,10,2026-01-03\n"
    )
    root = delivery(tmp_path, erp__orders=text)
    run = tmp_path / "run"
    assert build_staging(run, f"{{raw_source: files, raw_path: '{root}'}}") == ""
    with duckdb.connect(str(run / "trunkline.duckdb"), read_only=True) as connection:
        kept = connection.execute(
            "select order_id, cast(ordered_at as varchar) from staging.stg_erp__orders order by all"
        ).fetchall()
        broken = connection.execute(
            "select row_key, rule from staging.stg_erp__quarantined_rows order by all"
        ).fetchall()
    assert kept == [("S1", "2026-01-01 17:00:00"), ("S6", "2026-01-02 00:00:00")]
    assert broken == [
        ("", "missing_value"),
        ("S2", "bad_type"),
        ("S3", "unknown_enum"),
        ("S5", "future_timestamp"),
        ("S5", "out_of_range"),
        ("S6", "duplicate_key"),
        ("S7", "out_of_range"),
    ]
