"""The demo company is reproducible, keeps the contract, and holds what its answer key says.

Independent sides: the generator, and this file's own reading of the written files with the csv
module; the contract's YAML, and the columns written.
"""

from __future__ import annotations

import csv
import filecmp
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import yaml

from trunkline.demo import SEED_CONFIG, DemoConfig, write_demo, write_seeds

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "raw"
SMALL = {"persons": 220, "days": 230, "seed": 3}
Rows = list[dict[str, str]]


def contract() -> dict[str, dict]:
    """The raw layer's YAML by table name, e.g. ``crm__leads``."""
    models = {}
    for path in sorted((ROOT / "models" / "raw").glob("*/_raw_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            models[model["name"].removeprefix("raw_")] = model
    return models


CONTRACT = contract()


def meta(holder: dict) -> dict:
    return holder["config"]["meta"]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def latest(rows: Rows, key: str) -> dict[str, dict[str, str]]:
    """The last version of every key."""
    return {row[key]: row for row in sorted(rows, key=lambda row: row["loaded_at"])}


@pytest.fixture(scope="module")
def seeds() -> dict[str, Rows]:
    return {path.stem: read(path) for path in sorted(SEEDS.glob("*/*.csv"))}


@pytest.fixture(scope="module")
def key() -> dict:
    return json.loads((SEEDS / "ANSWER_KEY.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict[str, Path]:
    folders = {}
    for kind in ("csv", "parquet"):
        folders[kind] = tmp_path_factory.mktemp(kind)
        write_demo(**SMALL, out=folders[kind], file_format=kind)
    return folders


# --- reproducible


def test_demo__same_seed_gives_identical_bytes(small, tmp_path):
    write_demo(**SMALL, out=tmp_path, file_format="csv")
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) == len(CONTRACT) + 1
    _, unequal, missing = filecmp.cmpfiles(small["csv"], tmp_path, files, shallow=False)
    assert not unequal
    assert not missing


def test_demo__another_seed_gives_other_rows(small, tmp_path):
    write_demo(**{**SMALL, "seed": 4}, out=tmp_path, file_format="csv")
    for table in ("cdp/events", "crm/leads", "erp/orders", "ads/daily_spend"):
        ours, theirs = small["csv"] / f"{table}.csv", tmp_path / f"{table}.csv"
        assert ours.read_bytes() != theirs.read_bytes()


def test_demo__committed_seeds_are_what_the_generator_writes(tmp_path):
    summary = write_seeds(tmp_path)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == len(CONTRACT) + 1
    _, unequal, missing = filecmp.cmpfiles(SEEDS, tmp_path, files, shallow=False)
    assert not unequal, "run: python -m trunkline.demo seeds/raw"
    assert not missing
    assert summary.as_of_date == "2026-03-31"


def test_demo__running_again_replaces_files_and_spares_foreign_ones(tmp_path):
    write_demo(**SMALL, out=tmp_path, file_format="parquet")
    write_demo(**SMALL, out=tmp_path, file_format="csv")
    assert not list(tmp_path.rglob("*.parquet"))
    (tmp_path / "ANSWER_KEY.json").unlink()
    with pytest.raises(FileExistsError, match="choose an empty folder"):
        write_demo(**SMALL, out=tmp_path, file_format="csv")


@pytest.mark.parametrize(("name", "value"), [("persons", 5), ("days", 30), ("days", 9_999)])
def test_demo__refuses_sizes_that_cannot_hold_the_cases(name, value):
    with pytest.raises(ValueError, match=f"{name} is {value}"):
        DemoConfig(**{**SMALL, name: value})


def test_demo__progress_rises_to_one(tmp_path):
    seen = []
    write_demo(**SMALL, out=tmp_path, file_format="csv", progress=lambda *call: seen.append(call))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert seen[-1] == ("done", 1.0)


# --- keeps the contract


def test_demo__every_contract_table_has_the_contract_columns(seeds, small):
    assert set(seeds) == set(CONTRACT)
    for table, model in CONTRACT.items():
        system, entity = table.split("__")
        columns = [column["name"] for column in model["columns"]]
        for path in (SEEDS / system / f"{table}.csv", small["csv"] / system / f"{entity}.csv"):
            with path.open(encoding="utf-8") as file:
                assert next(csv.reader(file)) == columns, table


def test_demo__committed_seeds_stay_small(seeds):
    sizes = [path.stat().st_size for path in SEEDS.glob("*/*.csv")]
    assert sum(len(rows) for rows in seeds.values()) < 60_000
    assert max(sizes) < 1_900_000
    assert sum(sizes) < 6_000_000


def parquet_table(folder: Path, table: str) -> pa.Table:
    path = folder.joinpath(*table.split("__"))
    if table == "cdp__events":
        return ds.dataset(path, format="parquet").to_table()
    return ds.dataset(path.with_suffix(".parquet"), format="parquet").to_table()


def as_typed(text: str, data_type: str):
    """This file's own conversion; a text that does not convert is null."""
    try:
        if not text or data_type == "varchar":
            return text or None
        if data_type == "timestamp":
            return instant(text).astimezone(UTC).replace(tzinfo=None)
        if data_type == "date":
            return date.fromisoformat(text)
        if data_type == "boolean":
            return {"true": True, "false": False}[text]
        return {"bigint": int, "double": float}.get(data_type, Decimal)(text)
    except (ValueError, KeyError, InvalidOperation):
        return None


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_demo__parquet_and_csv_hold_the_same_rows(table, small):
    system, entity = table.split("__")
    columns = {column["name"]: column["data_type"] for column in CONTRACT[table]["columns"]}
    text = read(small["csv"] / system / f"{entity}.csv")
    expected = Counter(
        tuple(as_typed(row[name], kind) for name, kind in columns.items()) for row in text
    )
    typed = parquet_table(small["parquet"], table).to_pylist()
    assert list(typed[0]) == list(columns)
    assert Counter(tuple(row.values()) for row in typed) == expected


def test_demo__event_partitions_hold_their_loaded_day_in_order(small):
    folders = sorted((small["parquet"] / "cdp" / "events").iterdir())
    assert len(folders) > 200
    for folder in folders:
        rows = pq.read_table(folder / "part-0.parquet", partitioning=None).to_pylist()
        assert {f"loaded_date={row['loaded_at'].date()}" for row in rows} == {folder.name}
        moments = [row["occurred_at"] for row in rows if row["occurred_at"]]
        assert moments == sorted(moments)


# --- broken rows


def converts(text: str, data_type: str) -> bool:
    try:
        match data_type:
            case "timestamp":
                instant(text)
            case "date":
                date.fromisoformat(text)
            case "bigint":
                int(text)
            case "boolean":
                return text in ("true", "false")
            case "double" | "decimal(18,4)" | "decimal(18,8)":
                Decimal(text)
    except (ValueError, InvalidOperation):
        return False
    return True


def is_out_of_range(text: str, rule: dict) -> bool:
    if "min" in rule:
        return Decimal(text) < rule["min"]
    return "above" in rule and Decimal(text) <= rule["above"]


def broken_rules(table: str, row: dict[str, str]) -> set[str]:
    """The rules of docs/semantics.md that one row breaks; repeated keys need all rows."""
    rules = set()
    skewed = instant(row["loaded_at"]) + timedelta(minutes=5)
    for column in CONTRACT[table]["columns"]:
        rule, text, kind = meta(column), row[column["name"]].strip(), column["data_type"]
        if not text:
            rules |= {"missing_value"} if rule["required"] else set()
        elif not converts(text, kind):
            rules.add("bad_type")
        elif "enum" in rule and text not in rule["enum"]:
            rules.add("unknown_enum")
        elif is_out_of_range(text, rule):
            rules.add("out_of_range")
        elif kind in ("timestamp", "date") and instant(text) > skewed:
            rules.add("future_timestamp")
    if table == "cdp__events" and not row["device_id"] and not row["user_id"]:
        rules.add("missing_identifier")
    return rules


def count_broken(tables: dict[str, Rows]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for table, rows in tables.items():
        keys: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            rules = broken_rules(table, row)
            found[table].update(rules)
            if not rules and meta(CONTRACT[table])["versioned"]:
                names = [*meta(CONTRACT[table])["key"], "loaded_at"]
                keys[tuple(row[name] for name in names)] += 1
        repeated = sum(count - 1 for count in keys.values())
        if repeated:
            found[table]["duplicate_key"] = repeated
    return {table: dict(rules) for table, rules in found.items() if rules}


def test_demo__broken_rows_are_those_of_the_answer_key(seeds, key):
    assert count_broken(seeds) == key["broken_rows"]
    rules = {rule for counts in key["broken_rows"].values() for rule in counts}
    assert rules == {
        "missing_value",
        "bad_type",
        "unknown_enum",
        "out_of_range",
        "future_timestamp",
        "missing_identifier",
        "duplicate_key",
    }
    assert set(key["broken_rows"]) == set(CONTRACT)


def test_demo__typed_files_have_an_answer_key_of_their_own(small):
    tables = {}
    for table in CONTRACT:
        rows = parquet_table(small["parquet"], table).to_pylist()
        tables[table] = [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in rows
        ]
        for row in tables[table]:
            for name, value in row.items():
                row[name] = value.lower() if value in ("True", "False") else value
    key = json.loads((small["parquet"] / "ANSWER_KEY.json").read_text(encoding="utf-8"))
    assert count_broken(tables) == key["broken_rows"]
    assert not any("bad_type" in rules for rules in key["broken_rows"].values())


# --- what was planted


def test_demo__row_counts_are_those_of_the_answer_key(seeds, key):
    assert {table: len(rows) for table, rows in seeds.items()} == key["rows"]
    assert key["parameters"] == {
        "persons": SEED_CONFIG.persons,
        "days": SEED_CONFIG.days,
        "seed": SEED_CONFIG.seed,
    }


def test_demo__last_load_is_in_the_day_after_the_last_full_day(seeds, key):
    last = max(row["loaded_at"] for rows in seeds.values() for row in rows)
    shanghai = instant(last) + timedelta(hours=8)
    assert last <= key["last_load_at"]
    assert str(shanghai.date() - timedelta(days=1)) == key["as_of_date"]


def test_demo__events_are_late_repeated_and_of_bots_as_counted(seeds, key):
    counts = key["generated_events"]
    events = [row for row in seeds["cdp__events"] if not row["event_id"].startswith("x")]
    sound = [row for row in events if len(row["event_id"]) < 10 and row["event_id"]]
    copies = Counter(row["event_id"] for row in sound)
    first = {}
    for row in sorted(sound, key=lambda row: row["loaded_at"]):
        first.setdefault(row["event_id"], row)
    traffic = Counter(row["traffic_type"] for row in first.values())
    plan = read(ROOT / "seeds" / "reference" / "tracking_plan.csv")
    needs = {row["event_name"]: row["required_properties"].split(";") for row in plan}
    unplanned = [row for row in first.values() if row["event_name"] not in needs]
    lacking = [
        row
        for row in first.values()
        if any(name and not row[name] for name in needs.get(row["event_name"], []))
    ]
    # the nightly load is at most a day and ten minutes behind an event
    prompt = timedelta(days=1, minutes=10)
    late = [
        row
        for row in first.values()
        if instant(row["loaded_at"]) - instant(row["occurred_at"]) > prompt
    ]
    assert counts == {
        "events": len(first),
        "redelivered_copies": len(sound) - len(copies),
        "late_by_a_day_or_more": len(late),
        "by_bots": traffic["bot"],
        "internal": traffic["internal"],
        "not_in_tracking_plan": len(unplanned),
        "missing_property": len(lacking),
    }
    assert min(counts.values()) > 0


def test_demo__checkout_fails_in_the_incident_and_nowhere_else(seeds, key):
    incident = key["incident"]
    steps: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row in seeds["cdp__events"]:
        if row["platform"] != incident["platform"] or not row["event_id"].startswith("e"):
            continue
        if not converts(row["occurred_at"], "timestamp"):
            continue
        # the incident is cut by local days, so a margin on both sides is left out
        day = (instant(row["occurred_at"]) + timedelta(hours=8)).date()
        low, high = (
            date.fromisoformat(incident["first_date"]),
            date.fromisoformat(incident["last_date"]),
        )
        if low < day <= high:
            steps[True][row["event_name"]] += 1
        elif not low - timedelta(days=1) <= day <= high + timedelta(days=1):
            steps[False][row["event_name"]] += 1
    assert incident["vanished_purchases"] >= 5
    assert steps[True]["checkout_start"] >= 5
    assert steps[True]["purchase"] == 0
    assert steps[False]["purchase"] > 0.5 * steps[False]["checkout_start"]


def test_demo__cheap_campaign_buys_cheap_leads_of_poor_quality(seeds, key):
    cheap = key["cheap_leads_campaign"]
    leads = latest(seeds["crm__leads"], "lead_id")
    passed = {
        row["lead_id"]
        for row in seeds["crm__lead_scores"]
        if converts(row["fit_score"], "double")
        and float(row["fit_score"]) >= 50
        and float(row["intent_score"]) >= 40
    }
    cost, found = {}, {}
    for name in (cheap["campaign"], "lookalike"):
        spend = latest(
            [
                {**row, "key": row["spend_date"] + row["campaign_id"]}
                for row in seeds["ads__daily_spend"]
                if row["campaign"].strip().lower() == name
            ],
            "key",
        )
        found[name] = [
            lead for lead, row in leads.items() if row["campaign"].strip().lower() == name
        ]
        cost[name] = sum(float(row["spend"]) for row in spend.values()) / len(found[name])
    assert cost[cheap["campaign"]] < 0.5 * cost["lookalike"]
    share = {name: len(passed & set(ids)) / len(ids) for name, ids in found.items()}
    assert share[cheap["campaign"]] < 0.1 < share["lookalike"]
    notes = [row for row in seeds["ads__daily_spend"] if row["spend"].startswith("-")]
    assert {(row["spend_date"], row["campaign_id"]) for row in notes} == {
        (cheap["credit_note_date"], cheap["campaign_id"])
    }


def test_demo__one_campaign_has_spend_and_no_leads(seeds, key):
    name = key["spend_without_leads_campaign"]["campaign"]
    spend = [row for row in seeds["ads__daily_spend"] if row["campaign"].strip().lower() == name]
    assert sum(float(row["spend"]) for row in spend) > 0
    assert all(row["campaign"].strip().lower() != name for row in seeds["crm__leads"])


def test_demo__missing_rate_day_has_an_order_and_spend_in_dollars(seeds, key):
    missing, case = key["missing_rate"]["date"], key["cases"]["missing_rate"]
    assert all(row["rate_date"] != missing for row in seeds["erp__currency_rates"])
    assert len(seeds["erp__currency_rates"]) == SEED_CONFIG.days - 1 + 2  # two broken rows
    order = latest(seeds["erp__orders"], "order_id")[case["order"]]
    assert (order["ordered_at"][:10], order["currency"]) == (missing, "USD")
    spent = {
        row["campaign_id"]
        for row in seeds["ads__daily_spend"]
        if row["spend_date"] == missing and row["currency"] == "USD"
    }
    assert spent == set(case["campaigns"])


def links(seeds, **wanted: str) -> Rows:
    return [
        row
        for row in seeds["cdp__identity_links"]
        if all(row[name] == value for name, value in wanted.items())
    ]


def test_demo__identity_cases_stand_in_the_links(seeds, key):
    cases = key["cases"]
    two = cases["lead_with_two_users"]
    found = links(seeds, left_id=two["lead"], right_type="user")
    assert {row["right_id"] for row in found} == set(two["users"])
    two = cases["user_with_two_leads"]
    found = links(seeds, right_id=two["user"], left_type="lead")
    assert {row["left_id"] for row in found} == set(two["leads"])
    case = cases["revoked_link"]
    first, last = links(seeds, left_id=case["lead"], right_id=case["user"])
    assert (first["revoked_at"], last["revoked_at"]) == ("", case["revoked_at"])
    hub = cases["hub_device"]
    assert len({row["left_id"] for row in links(seeds, right_id=hub["device"])}) == 25
    case = cases["late_merge"]
    (late,) = links(seeds, left_id=case["lead"], right_id=case["user"])
    before = [
        row
        for row in seeds["cdp__events"]
        if row["device_id"] in case["devices"] and row["occurred_at"] < late["linked_at"]
    ]
    assert {row["device_id"] for row in before} == set(case["devices"])
    assert instant(late["linked_at"]) - instant(before[0]["occurred_at"]) > timedelta(days=60)


def test_demo__merge_chain_ends_in_a_deleted_lead(seeds, key):
    leads = latest(seeds["crm__leads"], "lead_id")
    first, second, third = key["cases"]["merge_chain_into_deleted"]["leads"]
    assert leads[first]["merged_into_lead_id"] == second
    assert leads[second]["merged_into_lead_id"] == third
    assert leads[third]["is_deleted"] == "true"


def test_demo__shared_device_carries_two_logins(seeds, key):
    case = key["cases"]["shared_device"]
    events = [row for row in seeds["cdp__events"] if row["device_id"] == case["device"]]
    assert {row["user_id"] for row in events} == {"", *case["users"]}
    anonymous = {row["event_id"] for row in events if not row["user_id"]}
    assert anonymous == set(case["to_UX21"])


def test_demo__refund_cases_add_up(seeds, key):
    refunds = {row["refund_id"]: row for row in seeds["erp__refunds"]}
    orders = latest(seeds["erp__orders"], "order_id")
    case = key["cases"]["refund_above_order"]
    order = orders[case["order"]]
    goods = Decimal(order["list_amount"]) - Decimal(order["discount_amount"])
    assert goods == Decimal(case["goods_value"]) < Decimal(refunds[case["refund"]]["amount"])
    case = key["cases"]["refund_next_month"]
    refund, order = refunds[case["refund"]], orders[case["order"]]
    assert refund["refunded_at"][:7] > order["ordered_at"][:7]
    statuses = [
        row["status"]
        for row in sorted(seeds["erp__orders"], key=lambda row: row["loaded_at"])
        if row["order_id"] == key["cases"]["submitted_paid_cancelled"]["order"]
    ]
    assert statuses == ["submitted", "paid", "cancelled"]


def test_demo__order_amounts_are_the_sum_of_their_lines(seeds):
    lines: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in seeds["erp__order_lines"]:
        if not row["order_line_id"].startswith("SB"):
            lines[row["order_id"]][0] += Decimal(row["list_amount"])
            lines[row["order_id"]][1] += Decimal(row["discount_amount"])
    orders = latest(seeds["erp__orders"], "order_id")
    assert len(lines) > 700
    for order, (listed, discount) in lines.items():
        assert Decimal(orders[order]["list_amount"]) == listed, order
        assert Decimal(orders[order]["discount_amount"]) == discount, order


def test_demo__deal_cases_stand_in_the_stages(seeds, key):
    steps: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in seeds["crm__opportunity_stages"]:
        steps[row["opportunity_id"]].append((row["entered_at"], row["stage"]))

    def path(case: str) -> list[str]:
        return [stage for _, stage in sorted(steps[key["cases"][case]["opportunity"]])]

    assert path("skipped_stage") == ["qualification", "negotiation", "won"]
    assert path("reopened_and_won")[-3:] == ["lost", "negotiation", "won"]
    assert path("stage_moved_back")[1:5] == ["proposal", "negotiation"] * 2
    same = Counter(when for when, _ in steps[key["cases"]["two_stages_one_second"]["opportunity"]])
    assert sorted(same.values()) == [1, 2, 2]


def test_demo__five_touches_lie_on_the_days_of_the_worked_example(seeds, key):
    case = key["cases"]["five_touches"]
    moments = [
        instant(row["occurred_at"])
        for row in seeds["cdp__events"]
        if row["device_id"] == case["device"]
    ]
    (won,) = (
        instant(row["entered_at"])
        for row in seeds["crm__opportunity_stages"]
        if row["opportunity_id"] == case["opportunity"] and row["stage"] == "won"
    )
    ages = [(won - moment).days for moment in sorted(moments)]
    assert ages == [38, 33, 26, 8, 0]
    weights = [2 ** (-age / 7) for age in ages]
    decayed = [round(12_000 * weight / sum(weights), 1) for weight in weights]
    assert [str(value) for value in decayed] == case["time_decay"]


def test_demo__activity_follows_the_local_hours_of_both_sides_of_the_world(seeds):
    night: dict[str, list[bool]] = defaultdict(list)
    for row in seeds["cdp__events"]:
        if row["event_id"].startswith("e") and converts(row["occurred_at"], "timestamp"):
            shift = {"CN": 8, "US": -5, "DE": 1}[row["country"]]
            hour = (instant(row["occurred_at"]) + timedelta(hours=shift)).hour
            night[row["country"]].append(2 <= hour < 6)
    assert set(night) == {"CN", "US", "DE"}
    for country, hits in night.items():
        assert sum(hits) / len(hits) < 0.08, country


def test_demo__every_case_is_documented(key):
    page = (ROOT / "docs" / "demo_company.md").read_text(encoding="utf-8")
    missing = [name for name in key["cases"] if f"`{name}`" not in page]
    assert not missing


def test_demo__longer_visits_reach_the_events_asked_for_and_leave_the_rest_alone(small, tmp_path):
    summary = write_demo(**SMALL, out=tmp_path, file_format="parquet", events=40_000)
    assert summary.rows["cdp__events"] == pytest.approx(40_000, rel=0.03)
    short = ds.dataset(small["parquet"] / "cdp" / "events", format="parquet").count_rows()
    assert short < 15_000
    for table in ("crm/leads", "cdp/users", "ads/daily_spend"):
        name = f"{table}.parquet"
        assert pq.read_table(tmp_path / name).equals(pq.read_table(small["parquet"] / name))
