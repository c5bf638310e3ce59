"""One mistyped date neither starts the calendar centuries ago nor ends it in the future."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from tests.support import run_dbt

ORDERS = """order_id,ordered_at,status,list_amount,loaded_at
S1,2026-01-05T08:00:00Z,paid,10,2026-01-06T01:00:00Z
S2,0202-01-05T08:00:00Z,paid,10,2026-01-06T01:00:00Z
S3,2026-01-05T09:00:00Z,paid,10,2999-01-06T01:00:00Z
"""


def test_a_mistyped_date_does_not_stretch_the_calendar(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "erp"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text(ORDERS)
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    finished = run_dbt(
        "run", "--select", "+int_reporting_window",
        folder=tmp_path / "run",
        variables=f"{{raw_source: files, raw_path: '{tmp_path / 'raw'}'}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(tmp_path / "run" / "trunkline.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select first_date, as_of_date from intermediate.int_reporting_window"
        ).fetchall()
    ((first_date, as_of_date),) = rows
    assert first_date == date(2026, 1, 5)
    # the last complete day before the run, or today if midnight passed meanwhile
    assert today - timedelta(days=1) <= as_of_date <= today
