"""A value that is delivered again with another content is logged, and only then."""

from pathlib import Path

import duckdb

from tests.support import run_dbt

SPEND = """spend_date,campaign_id,source,clicks,spend,loaded_at
2026-01-05,C1,google,10,100,2026-01-06T01:00:00Z
2026-01-05,C1,google,10,100.00,2026-01-07T01:00:00Z
2026-01-05,C1,google,12,90,2026-01-08T01:00:00Z
2026-01-05,C1,google,12,free,2026-01-09T01:00:00Z
2026-01-05,C2,google,10,100,2026-01-06T01:00:00Z
2026-01-06,C1,google,10,100,2026-01-07T01:00:00Z
"""


def test_a_restated_day_is_logged_with_what_changed(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "ads"
    folder.mkdir(parents=True)
    (folder / "daily_spend.csv").write_text(SPEND)
    finished = run_dbt(
        "run", "--select", "+stg_ads__restated_rows", "+stg_ads__daily_spend",
        folder=tmp_path / "run",
        variables=f"{{raw_source: files, raw_path: '{tmp_path / 'raw'}'}}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(tmp_path / "run" / "trunkline.duckdb"), read_only=True) as connection:
        restated = connection.execute(
            "select row_key, changed_columns, cast(previous_loaded_at as varchar),"
            " cast(restated_at as varchar) from staging.stg_ads__restated_rows"
        ).fetchall()
        latest = connection.execute(
            "select cast(spend as double) from staging.stg_ads__daily_spend"
            " where campaign_id = 'C1' and spend_date = '2026-01-05'"
        ).fetchall()
    # the same spend spelled otherwise is no restatement, and a broken version is no version
    assert restated == [
        ("2026-01-05|C1", "clicks, spend", "2026-01-07 01:00:00", "2026-01-08 01:00:00")
    ]
    assert latest == [(90.0,)]
