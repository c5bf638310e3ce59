"""The raw layer reads the same rows from seeds, files and tables, and says what is wrong."""

import shutil
from pathlib import Path

import duckdb
import pytest

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
            if not name.endswith("quarantined_rows")
        }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company as a folder: Parquet with types, CSV and JSON side by side."""
    root = tmp_path_factory.mktemp("files")
    connection = duckdb.connect()
    formats = ("csv", "json", "parquet")
    for number, (system, entity) in enumerate(tables()):
        seed = PROJECT / "seeds" / "raw" / system / f"{system}__{entity}.csv"
        (root / system).mkdir(exist_ok=True)
        file_format = formats[number % 3]
        connection.execute(
            f"copy (from read_csv('{seed}', all_varchar = true, header = true))"
            f" to '{root}/{system}/{entity}.{file_format}' (format {file_format})"
        )
    return root


def test_files__give_the_same_staging_rows_as_seeds(files: Path, built_database: DbtBuild) -> None:
    folder = BUILD / "files"
    assert build_staging(folder, f"{{raw_source: files, raw_path: '{files}'}}") == ""
    assert staging_counts(folder / "trunkline.duckdb") == staging_counts(built_database.database)


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
