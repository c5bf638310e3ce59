"""Text of Parquet files is trimmed where some value needs it, whenever the file arrives."""

import os
from pathlib import Path

import duckdb

from tests.support import run_dbt


def write_events(file: Path, *users: str | None) -> None:
    texts = ("null" if user is None else f"'{user}'" for user in users)
    rows = ", ".join(
        f"('{file.stem}-{number}', 'view_detail', {text}, 'd1',"
        " timestamp '2026-03-01 08:00:00', timestamp '2026-03-02 08:00:00')"
        for number, text in enumerate(texts)
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from (values {rows}) as"
            " rows(event_id, event_name, user_id, device_id, occurred_at, loaded_at))"
            f" to '{file}' (format parquet)"
        )


def build(folder: Path) -> list[str | None]:
    """Stage the delivery; give the users that staging knows."""
    finished = run_dbt(
        "run", "--select", "raw_cdp__events", "stg_cdp__events",
        folder=folder / "run", variables=f"{{raw_source: files, raw_path: '{folder / 'raw'}'}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(folder / "run" / "trunkline.duckdb"), read_only=True) as connection:
        users = connection.execute(
            "select distinct user_id from staging.stg_cdp__events order by 1"
        )
        return [user for (user,) in users.fetchall()]


def verdicts(folder: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(folder / "run" / "trunkline.duckdb"), read_only=True) as connection:
        rows = connection.execute("select filename, untidy_columns from main.inspected_files")
        return {Path(file).stem: columns for file, columns in rows.fetchall()}


def test_text__is_trimmed_from_the_build_on_in_which_it_needs_it(tmp_path: Path) -> None:
    events = tmp_path / "raw" / "cdp" / "events"
    events.mkdir(parents=True)
    write_events(events / "first.parquet", "u1", "用户 2", None)
    assert build(tmp_path) == ["u1", "用户 2", None]
    assert verdicts(tmp_path) == {"first": []}

    write_events(events / "second.parquet", "u1 ", "\u3000用户 2", "", "u3")
    assert build(tmp_path) == ["u1", "u3", "用户 2", None]
    assert verdicts(tmp_path) == {"first": [], "second": ["user_id"]}


def test_a_file_that_was_replaced__is_inspected_again(tmp_path: Path) -> None:
    events = tmp_path / "raw" / "cdp" / "events"
    events.mkdir(parents=True)
    file = events / "only.parquet"
    write_events(file, "u1")
    assert build(tmp_path) == ["u1"]

    write_events(file, "\tu1")
    os.utime(file, (2_000_000_000, 2_000_000_000))
    assert build(tmp_path) == ["u1"]
    assert verdicts(tmp_path) == {"only": ["user_id"]}
