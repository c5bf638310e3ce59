"""One statement over one events file in this process: MetricFlow's, or the project's."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import typer

from benchmarks.measure import Meter, guard, report
from benchmarks.workloads.answers import canonical

_TABLES = """
    create view events as select * from read_parquet('{events}');
    create view landings as select * from events where event_name = 'view_landing';
    create view views as select * from events where event_name = 'view_detail';
    create view purchases as select * from events where event_name = 'purchase';
    create table days as select distinct event_date as date_day from events;
"""


def main(
    statement: Path, events: Path, threads: int = 2, mebibytes: int = 3072, cpu_seconds: int = 300
) -> None:
    """Report the days on which anything was counted, and what it took to count."""
    guard(cpu_seconds, mebibytes)
    with TemporaryDirectory(prefix="trunkline-bench-") as spill:
        connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": f"{mebibytes}MiB",
                "temp_directory": spill,
                "preserve_insertion_order": False,
            }
        )
        connection.execute(_TABLES.format(events=events))
        with Meter() as meter:
            found = connection.sql(statement.read_text()).to_arrow_table()
    found = found.rename_columns(["day", "counted"])
    rows = connection.sql(
        "select cast(day as date), cast(counted as bigint) from found where counted > 0"
    )
    report({"cost": meter.cost, "rows": canonical(rows.to_arrow_table())})


if __name__ == "__main__":
    typer.run(main)
