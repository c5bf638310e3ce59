"""`trunkline map` writes the raw tables and says how to build on them."""

from pathlib import Path

from .conftest import Run

SCRIPT = """
set variable reporting_currency = 'USD';
set variable reporting_timezone = 'UTC';
create schema erp;
create table erp.orders as select line as order_id from read_csv(
    getvariable('data') || '/orders.txt', columns = {'line': 'varchar'}, header = false
);
"""


def test_it_prints_a_build_with_the_variables_of_the_mapping(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "shop" / "mapping.sql"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    (tmp_path / "orders.txt").write_text("S1\nS2\n")
    out = tmp_path / "build" / "raw"
    result = run("map", str(script), "--data", str(tmp_path), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert (out / "erp" / "orders.parquet").exists()
    *_, export, build = result.stdout.splitlines()
    assert export == (
        f"export TRUNKLINE_DATABASE={tmp_path}/build/shop.duckdb"
        f" DBT_TARGET_PATH={tmp_path}/build/target"
    )
    assert build == (
        f"dbt build --vars '{{raw_source: files, raw_path: {out}, "
        "reporting_timezone: UTC, reporting_currency: USD}'"
    )


def test_a_folder_that_cannot_be_written_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mapping.sql").write_text("create schema erp; create table erp.orders (a int);")
    script = str(tmp_path / "mapping.sql")
    result = run("map", script, "--data", str(tmp_path), "--out", f"{script}/raw")
    assert result.exit_code == 2
    assert "mapping.sql/raw/erp cannot be written: " in result.stderr
    assert "Not a directory" in result.stderr
