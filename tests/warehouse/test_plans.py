"""No model may compare every event with every row of something else."""

import json

import duckdb

from tests.support import DbtBuild

EVENT_LEVEL = ("int_events_accepted", "int_events_deduplicated", "stg_cdp__events")
# how DuckDB plans a join of two large sides without an equality; the one-row reporting window is
# joined by a plain nested loop or a cross product, which pairs nothing
PAIRWISE = "BLOCKWISE_NL_JOIN"


def test_no_plan_over_events_pairs_rows(built_database: DbtBuild) -> None:
    manifest = json.loads((built_database.target / "manifest.json").read_text())
    readers = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["language"] == "sql"
        and any(parent.split(".")[-1] in EVENT_LEVEL for parent in node["depends_on"]["nodes"])
        and node["config"]["materialized"] in ("table", "incremental")
    ]
    assert {node["name"] for node in readers} >= {"int_event_buckets", "int_event_deliveries"}
    pairwise = []
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for node in readers:
            plan = connection.execute(f"explain {node['compiled_code']}").fetchall()[0][1]
            if PAIRWISE in plan:
                pairwise.append(node["name"])
    assert not pairwise
