"""A machine that is too small for its data says so before the build begins."""

from pathlib import Path

import duckdb
import pytest

from tests.support import run_dbt
from trunkline.machine import Machine, bytes_of, engine_memory, machine_problem, this_machine

GIBIBYTE = 1 << 30


@pytest.mark.parametrize(
    ("machine", "limit", "words"),
    [
        (Machine(24 * GIBIBYTE, 90 * GIBIBYTE), 16 * GIBIBYTE, None),
        (Machine(2 * GIBIBYTE, 90 * GIBIBYTE), GIBIBYTE, "2.0 GiB; build on a larger one"),
        (Machine(24 * GIBIBYTE, 90 * GIBIBYTE), GIBIBYTE // 4, "raise TRUNKLINE_MEMORY_LIMIT"),
        (Machine(24 * GIBIBYTE, GIBIBYTE), 16 * GIBIBYTE, "1.0 GiB; make room"),
    ],
)
def test_a_hundred_million_events__need_memory_and_disk(
    machine: Machine, limit: int, words: str | None
) -> None:
    problem = machine_problem(machine, limit, 100_000_000)
    assert (problem is None) if words is None else (problem is not None and words in problem)


def test_the_limit__is_read_as_duckdb_writes_it() -> None:
    for limit, size in (("512MiB", 512 << 20), ("3GiB", 3 << 30), ("2000000000B", 2_000_000_000)):
        with duckdb.connect(config={"memory_limit": limit}) as connection:
            ((written,),) = connection.execute("select current_setting('memory_limit')").fetchall()
        assert bytes_of(written) == pytest.approx(size, rel=0.05)


def test_the_engine__leaves_memory_to_python(tmp_path: Path) -> None:
    machine = this_machine(tmp_path / "absent" / "trunkline.duckdb")
    assert 0 < engine_memory(machine) < machine.memory
    assert machine.disk > 0


def test_a_build_within_too_little_memory__stops_with_a_sentence(tmp_path: Path) -> None:
    events = tmp_path / "raw" / "cdp" / "events.parquet"
    events.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'e' || range as event_id, 'view' as event_name, 'd1' as device_id,"
            " timestamp '2026-03-01' as occurred_at, timestamp '2026-03-02' as loaded_at"
            f" from range(1000)) to '{events}' (format parquet)"
        )
    finished = run_dbt(
        "run", "--select", "raw_cdp__events", folder=tmp_path / "run",
        variables=f"{{raw_source: files, raw_path: '{tmp_path / 'raw'}'}}",
        TRUNKLINE_MEMORY_LIMIT="100MiB",
    )  # fmt: skip
    assert finished.returncode != 0
    assert "1,000 events need about 0.3 GiB of memory within DuckDB" in finished.stdout
