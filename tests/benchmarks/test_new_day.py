"""The growing delivery of the benchmark loses nothing, and its trouble is trouble."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.new_day import Delivery
from benchmarks.summary import markdown, picture
from trunkline.demo import write_demo

COST = {"query": 8.0, "overhead": 1.0, "wall": 9.0, "peak": 512.0, "nodes": {"model.t.int_a": 7.5}}


def rows(folder: Path, table: str) -> int:
    with duckdb.connect() as connection:
        ((count,),) = connection.execute(
            f"select count(*) from read_parquet('{folder}/{table}/**/*.parquet',"
            " union_by_name = true, hive_partitioning = false)"
        ).fetchall()
    return int(count)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    write_demo(persons=300, days=220, seed=5, out=folder, file_format="parquet")
    return folder


def test_days_before_and_last_day__are_the_whole_delivery(source: Path, tmp_path: Path) -> None:
    delivery = Delivery(source, tmp_path / "raw")
    delivery.days_before()
    before = rows(tmp_path / "raw", "cdp/events")
    delivery.last_day()
    assert 0 < before < rows(source, "cdp/events")
    for table in (
        "cdp/events",
        *(f"{file.parent.name}/{file.stem}" for file in source.glob("*/*.parquet")),
    ):
        with duckdb.connect() as connection:
            ((expected,),) = connection.execute(
                f"select count(*) from '{source}/{table}"
                + ("/**/*.parquet'" if table == "cdp/events" else ".parquet'")
            ).fetchall()
        assert rows(tmp_path / "raw", table) == expected, table


def test_trouble__is_late_events_and_new_links(source: Path, tmp_path: Path) -> None:
    delivery = Delivery(source, tmp_path / "raw")
    delivery.days_before()
    delivery.last_day()
    links = rows(tmp_path / "raw", "cdp/identity_links")
    delivery.trouble()
    assert rows(tmp_path / "raw", "cdp/identity_links") > links
    with duckdb.connect() as connection:
        delays = connection.execute(
            "select loaded_at - occurred_at > interval 1 day"
            f" from '{tmp_path}/raw/cdp/events/late/*.parquet'"
        ).fetchall()
    assert delays
    assert all(delay for (delay,) in delays)


def test_a_run__is_written_up_with_what_was_measured(tmp_path: Path) -> None:
    answers = {
        "run": {"events": 1000, "date": "2026-01-31", "machine": "x86_64"},
        "new_day": {"full build": COST, "clean day": {**COST, "query": 2.0}},
    }
    text = markdown(answers)
    assert "| clean day | 2.0 | 25.0% |" in text
    assert "| int_a | 7.5 | 7.5 |" in text
    picture(answers, tmp_path / "run.png")
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")
