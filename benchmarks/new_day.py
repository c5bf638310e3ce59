"""What a new day costs, against the full build of the days before it.

The last loaded day of a delivery is held back, everything else is built, and then come the day as
it is, and the day with trouble: late events, and links that merge a thousand persons.
"""

import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from benchmarks.measure import Json, in_own_process, report

LATE_EVENTS_ONE_IN = 100  # of the two days before, delivered once more under other ids
MERGES = 1000


class Delivery:
    """A raw folder that grows: links to generated event files, and their tables cut by day."""

    def __init__(self, source: Path, folder: Path) -> None:
        """Start with an empty folder beside the generated one."""
        self._source, self._folder = source, folder
        shutil.rmtree(folder, ignore_errors=True)
        self._loads = sorted((source / "cdp" / "events").iterdir())
        self.last = date.fromisoformat(self._loads[-1].name.split("=")[1])

    def days_before(self) -> None:
        """Deliver what was loaded before the last day."""
        self._link(self._loads[:-1])
        self._tables("before", f"loaded_at < timestamp '{self.last}'")

    def last_day(self) -> None:
        """Deliver what was loaded on the last day."""
        self._link(self._loads[-1:])
        self._tables("last_day", f"loaded_at >= timestamp '{self.last}'")

    def trouble(self) -> None:
        """Deliver late events, and links between leads and users of other persons."""
        late = self._folder / "cdp" / "events" / "late"
        late.mkdir()
        with duckdb.connect() as connection:
            connection.execute(
                "create table load as select max(loaded_at) as loaded_at"
                f" from read_parquet('{self._loads[-1]}/*')"
            )
            for load in self._loads[-3:-1]:
                connection.execute(
                    "copy (select events.* replace (event_id || '-late' as event_id,"
                    f" load.loaded_at as loaded_at) from read_parquet('{load}/*') as events, load"
                    f" where hash(event_id) % {LATE_EVENTS_ONE_IN} = 0)"
                    f" to '{late}/{load.name}.parquet' (format parquet)"
                )
            connection.execute(
                "copy (with users as (select user_id, row_number() over (order by user_id) as place"
                f" from (select distinct user_id from read_parquet('{self._loads[-1]}/*')"
                "       where user_id is not null)),"
                " leads as (select lead_id, row_number() over (order by hash(lead_id)) as place"
                f" from (select distinct lead_id from '{self._source}/crm/leads.parquet'))"
                " select 'lead' as left_type, lead_id as left_id, 'user' as right_type,"
                " user_id as right_id, 'crm_sync' as method, loaded_at as linked_at,"
                " cast(null as timestamp) as revoked_at, loaded_at"
                f" from users inner join leads using (place), load where place <= {MERGES})"
                f" to '{self._folder}/cdp/identity_links/merges.parquet' (format parquet)"
            )

    def _link(self, loads: list[Path]) -> None:
        for load in loads:
            place = self._folder / "cdp" / "events" / load.name
            place.mkdir(parents=True)
            for file in load.iterdir():
                os.link(file, place / file.name)

    def _tables(self, name: str, condition: str) -> None:
        with duckdb.connect() as connection:
            for file in sorted(self._source.glob("*/*.parquet")):
                place = self._folder / file.parent.name / file.stem
                place.mkdir(parents=True, exist_ok=True)
                connection.execute(
                    f"copy (select * from '{file}' where {condition})"
                    f" to '{place}/{name}.parquet' (format parquet)"
                )


def build(raw: Path, database: Path, folder: Path) -> dict[str, Json]:
    """Build all models over a raw folder and add up what their nodes took.

    Returns:
        ``query`` (CPU seconds of the nodes), ``overhead`` (the rest of the process), ``wall``,
        ``peak`` (MiB) and the CPU seconds of each of ``nodes``.
    """
    answer = in_own_process(
        "benchmarks.build", "build",
        "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
        "--vars", json.dumps({"raw_source": "files", "raw_path": str(raw)}),
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        env={"TRUNKLINE_DATABASE": str(database)},
    )  # fmt: skip
    if not answer["ok"]:
        raise RuntimeError("; ".join(answer["failed"]))
    nodes = {name: cost["cpu"] for name, cost in answer["nodes"].items()}
    query = sum(nodes.values())
    whole = answer["whole"]
    return {
        "query": query,
        "overhead": whole["cpu"] - query,
        "wall": whole["wall"],
        "peak": whole["peak"],
        "nodes": nodes,
    }


def main(
    data: Annotated[Path, typer.Option(help="Folder that trunkline demo wrote as Parquet.")],
    folder: Annotated[Path, typer.Option(help="Scratch folder on the same disk.")],
) -> None:
    """Build all but the last day, then the day, then the day's trouble."""
    delivery = Delivery(data, folder / "raw")
    steps = {
        "full build": delivery.days_before,
        "clean day": delivery.last_day,
        "late events and merges": delivery.trouble,
    }
    costs: dict[str, Json] = {}
    database = folder / "new_day.duckdb"
    database.unlink(missing_ok=True)
    for step, deliver in steps.items():
        deliver()
        costs[step] = build(folder / "raw", database, folder)
        print(step, {name: cost for name, cost in costs[step].items() if name != "nodes"})
    report(costs)


if __name__ == "__main__":
    typer.run(main)
