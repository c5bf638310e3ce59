"""The warehouse finds everything that the demo company hides, as its answer key says.

Independent sides: ANSWER_KEY.json, written by the generator together with the raw rows, and the
marts that dbt built over those rows. Every entry of the key has a check here, or a test fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.support import PROJECT, DbtBuild, query_metrics

KEY: dict[str, Any] = json.loads(
    (PROJECT / "seeds" / "raw" / "ANSWER_KEY.json").read_text(encoding="utf-8")
)
AS_OF = date.fromisoformat(KEY["as_of_date"])
CHECKED_BELOW = {
    "parameters",
    "first_date",
    "as_of_date",
    "last_load_at",
    "rows",
    "broken_rows",
    "generated_events",
    "incident",
    "cheap_leads_campaign",
    "spend_without_leads_campaign",
    "missing_rate",
    "mql_rule_change",
    "cases",
}


def instant(text: str) -> datetime:
    """The UTC instant of a text of the key, naive as the warehouse keeps it."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def day_back(days: int) -> date:
    return AS_OF - timedelta(days=days)


def quoted(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


@dataclass(frozen=True)
class Warehouse:
    """The built demo company, asked by id."""

    build: DbtBuild
    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        return [row[0] for row in self.ask(sql)]

    def row(self, relation: str, columns: str, **where: str) -> tuple[Any, ...]:
        """The one row with the given values."""
        rows = self.rows(relation, columns, **where)
        assert len(rows) == 1, (relation, where, rows)
        return rows[0]

    def rows(self, relation: str, columns: str, **where: str) -> list[tuple[Any, ...]]:
        conditions = " and ".join(f"{name} = '{value}'" for name, value in where.items())
        return self.ask(f"select {columns} from {relation} where {conditions} order by all")

    def persons(self, **identifiers: str | Sequence[str]) -> list[int | None]:
        """The person of every identifier, given as user=, device= or lead=; no one is left out."""
        found: list[int | None] = []
        for kind, given in identifiers.items():
            for name in [given] if isinstance(given, str) else given:
                (person,) = self.row(
                    "intermediate.int_identities",
                    "person_id",
                    identifier_type=kind,
                    identifier_id=name,
                )
                found.append(person)
        return found

    def person(self, **identifiers: str | Sequence[str]) -> int:
        """The one person of all the identifiers."""
        (person,) = set(self.persons(**identifiers))
        assert person is not None
        return person

    def are_strangers(self, **identifiers: str | Sequence[str]) -> bool:
        """Whether every identifier is a person of its own."""
        persons = self.persons(**identifiers)
        return None not in persons and len(set(persons)) == len(persons)

    def refused(self, reason: str) -> set[frozenset[str]]:
        """The ends of the links that a guard took out."""
        return {
            frozenset(ends)
            for ends in self.ask(
                "select left_id, right_id from marts.fct_identity_quarantine"
                f" where reason = '{reason}'"
            )
        }

    def flags(self, entity: str, name: str) -> set[str]:
        rows = self.rows("marts.fct_flagged_rows", "flag", entity=entity, entity_id=name)
        return {flag for (flag,) in rows}

    def order(self, name: str, columns: str) -> tuple[Any, ...]:
        return self.row("marts.fct_orders", columns, order_id=name)

    def has_order(self, name: str) -> bool:
        return bool(self.rows("marts.fct_orders", "order_id", order_id=name))

    def deal(self, name: str, columns: str) -> tuple[Any, ...]:
        return self.row("marts.fct_opportunities", columns, opportunity_id=name)

    def lead(self, name: str, columns: str) -> tuple[Any, ...]:
        return self.row("marts.fct_leads", columns, lead_id=name)

    def has_lead(self, name: str) -> bool:
        return bool(self.rows("marts.fct_leads", "lead_id", lead_id=name))

    def unit_cost(self, product: str) -> Decimal:
        """What one unit costs in the company's own books."""
        (cost,) = self.row("staging.stg_erp__products", "unit_cost", product_id=product)
        return Decimal(cost)

    def active_days(self, person: int) -> list[date]:
        return self.column(
            "select activity_date from marts.fct_person_days"
            f" where person_id = {person} and is_active order by all"
        )

    def cohort_equals_its_human_persons(self, day: date) -> bool:
        (cohort,) = self.column(
            "select coalesce(sum(cohort_users), 0) from marts.fct_retention_cohorts"
            f" where cohort_date = '{day}' and day_number = 1"
        )
        (persons,) = self.column(
            f"select count(*) from marts.dim_persons where is_human and registered_date = '{day}'"
        )
        return bool(cohort == persons)


@pytest.fixture(scope="module")
def warehouse(built_database: DbtBuild) -> Iterator[Warehouse]:
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        yield Warehouse(built_database, connection)


# --- the company as a whole


def test_every_entry_of_the_key_has_a_check() -> None:
    assert set(KEY) == CHECKED_BELOW
    assert set(KEY["cases"]) == set(CHECKS)


def test_every_raw_row_arrives(warehouse: Warehouse) -> None:
    counts = {
        table: warehouse.column(f"select count(*) from raw.raw_{table}")[0] for table in KEY["rows"]
    }
    assert counts == KEY["rows"]
    assert counts["cdp__users"] > 0.5 * KEY["parameters"]["persons"]


def test_reporting_window__ends_with_the_last_full_day(warehouse: Warehouse) -> None:
    window = "select first_date, as_of_date from intermediate.int_reporting_window"
    ((first, last),) = warehouse.ask(window)
    assert (first, last) == (date.fromisoformat(KEY["first_date"]), AS_OF)
    assert (last - first).days + 1 == KEY["parameters"]["days"]
    (load,) = warehouse.column("select max(loaded_at) from staging.stg_cdp__events")
    assert load <= instant(KEY["last_load_at"])


def test_quarantine__holds_the_broken_rows_by_table_and_rule(warehouse: Warehouse) -> None:
    counts: dict[str, dict[str, int]] = {}
    for table, rule, rows in warehouse.ask(
        "select source_table, rule, rows_quarantined from marts.fct_quarantine_counts"
    ):
        counts.setdefault(table.replace(".", "__"), {})[rule] = rows
    assert counts == KEY["broken_rows"]


def test_events__are_counted_once_whoever_sent_them_and_however_late(
    warehouse: Warehouse,
) -> None:
    generated = "from intermediate.int_events_deduplicated where event_id like 'e%'"
    delays = (
        "select min(loaded_at - occurred_at) as delay from intermediate.int_events_accepted"
        " where event_id like 'e%' group by event_id"
    )
    found = {
        # a few are already of the day after the last full one
        "events": "select count(distinct event_id) from staging.stg_cdp__events"
        " where event_id like 'e%'",
        "redelivered_copies": "select sum(duplicate_copies) from marts.fct_event_quality",
        "late_by_a_day_or_more": f"select count(*) from ({delays})"
        " where delay > interval '1 day 10 minutes'",
        "by_bots": f"select count(*) {generated} and traffic_type = 'bot'",
        "internal": f"select count(*) {generated} and traffic_type = 'internal'",
        "not_in_tracking_plan": "select sum(unplanned_event) from marts.fct_event_quality",
        "missing_property": "select sum(missing_property) from marts.fct_event_quality",
    }
    assert {name: warehouse.column(sql)[0] for name, sql in found.items()} == KEY[
        "generated_events"
    ]


def test_late_events__count_on_the_day_on_which_they_happened(warehouse: Warehouse) -> None:
    ((late, misdated),) = warehouse.ask(
        "select count(*), count(*) filter ("
        "  where event_date != cast(occurred_at + interval '8 hours' as date)"
        ") from ("
        "  select event_id, event_date, occurred_at, min(loaded_at) as loaded_at"
        "  from intermediate.int_events_accepted"
        "  inner join intermediate.int_events_deduplicated"
        "  using (event_id, event_date, occurred_at)"
        "  where event_id like 'e%' group by all"
        ") where loaded_at - occurred_at > interval '1 day 10 minutes'"
    )
    assert (late, misdated) == (KEY["generated_events"]["late_by_a_day_or_more"], 0)


def test_bots__leave_no_activity_and_no_touch(warehouse: Warehouse) -> None:
    bots = (
        "select distinct identities.person_id"
        " from intermediate.int_event_buckets_identified as buckets"
        " inner join intermediate.int_identities as identities using (identifier_key)"
        " group by identities.person_id having not bool_or(buckets.is_human)"
    )
    assert len(warehouse.column(bots)) >= 1
    for relation in ("fct_person_days", "fct_touchpoints"):
        sql = f"select count(*) from marts.{relation} where person_id in ({bots})"
        assert warehouse.column(sql) == [0]


# --- the incident and the campaigns


def test_incident__orders_vanish_while_checkouts_go_on(warehouse: Warehouse) -> None:
    incident = KEY["incident"]
    days = f"between '{incident['first_date']}' and '{incident['last_date']}'"
    orders = dict(
        warehouse.ask(
            "select platform, count(*) from marts.fct_orders"
            f" where is_own_online and order_date {days} group by platform"
        )
    )
    assert orders.pop(incident["platform"], 0) == 0
    assert sum(orders.values()) > 0
    events = dict(
        warehouse.ask(
            "select event_name, sum(events_received) from marts.fct_event_quality"
            f" where platform = '{incident['platform']}' and event_date {days} group by event_name"
        )
    )
    assert events["checkout_start"] >= incident["vanished_purchases"] > 0
    assert "purchase" not in events
    first = date.fromisoformat(incident["first_date"])
    last = date.fromisoformat(incident["last_date"])
    length = last - first
    around = warehouse.column(
        "select order_date from marts.fct_orders"
        f" where is_own_online and platform = '{incident['platform']}'"
        f" and order_date between '{first - length}' and '{last + length}' order by all"
    )
    assert around[0] < first
    assert around[-1] > last


def test_cheap_campaign__buys_leads_below_the_usual_price_and_no_mql(
    warehouse: Warehouse,
) -> None:
    cheap = KEY["cheap_leads_campaign"]
    rows = query_metrics(warehouse.build, ["leads", "mqls", "cpl"], ["campaign"])
    found = {campaign: (leads, mqls, cpl) for campaign, leads, mqls, cpl in rows}
    leads, mqls, price = found[cheap["campaign"]]
    assert leads >= 10
    assert not mqls
    assert 0 < price < 0.5 * found["lookalike"][2]
    days = warehouse.column(
        "select spend_date from marts.fct_ad_spend"
        f" where campaign_id = '{cheap['campaign_id']}' order by all"
    )
    assert str(days[0]) == cheap["first_date"]
    assert [str(day) for day in days[-2:]] == [cheap["last_date"], cheap["credit_note_date"]]


def test_credit_note__lowers_the_spend_of_its_month(warehouse: Warehouse) -> None:
    cheap = KEY["cheap_leads_campaign"]
    (note,) = warehouse.ask(
        "select campaign_id, spend_date, spend_amount from marts.fct_ad_spend"
        " where spend_amount < 0"
    )
    assert note[:2] == (cheap["campaign_id"], date.fromisoformat(cheap["credit_note_date"]))
    spend = query_metrics(warehouse.build, ["ad_spend"], ["metric_time__month", "campaign"])
    month = {name: amount for when, name, amount in spend if str(when)[:7] == str(note[1])[:7]}
    assert month[cheap["campaign"]] == note[2]


def test_spend_without_leads__has_no_cpl_and_stays_in_the_total(warehouse: Warehouse) -> None:
    name = KEY["spend_without_leads_campaign"]["campaign"]
    rows = query_metrics(warehouse.build, ["ad_spend", "leads", "cpl"], ["campaign"])
    found = {campaign: values for campaign, *values in rows}
    spend, leads, cpl = found[name]
    assert spend > 0
    assert not leads
    assert cpl is None
    ((total,),) = query_metrics(warehouse.build, ["ad_spend"], [])
    assert total == sum(values[0] or 0 for values in found.values())


def test_missing_rate__is_the_one_day_without_dollars(warehouse: Warehouse) -> None:
    missing = KEY["missing_rate"]
    gaps = warehouse.column(
        "select date_day from marts.time_spine_daily where date_day not in ("
        "  select rate_date from staging.stg_erp__currency_rates"
        f" where currency = '{missing['currency']}')"
    )
    assert [str(day) for day in gaps] == [missing["date"]]
    flagged = warehouse.column(
        "select distinct flagged_date from marts.fct_flagged_rows"
        " where flag = 'missing_currency_rate'"
    )
    assert flagged == gaps


def test_mql_rule__changes_on_the_day_of_the_key(warehouse: Warehouse) -> None:
    starts = warehouse.column("select valid_from from reference.mql_rules order by all")
    assert str(starts[-1]) == KEY["mql_rule_change"]


# --- the planted cases

Check = Callable[[Warehouse, dict[str, Any]], None]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Registers the check of the case that it is named after."""
    CHECKS[function.__name__.removeprefix("check_")] = function
    return function


@pytest.mark.parametrize("name", sorted(KEY["cases"]))
def test_planted_case__is_found(warehouse: Warehouse, name: str) -> None:
    assert name in CHECKS, f"the answer key plants {name}, and nothing here looks for it"
    CHECKS[name](warehouse, KEY["cases"][name])


@check
def check_late_merge(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"], lead=case["lead"], device=case["devices"])
    shared = [day_back(back) for back in case["shared_days_back"]]
    rows = warehouse.ask(
        "select activity_date, events from marts.fct_person_days"
        f" where person_id = {person} and is_active order by all"
    )
    # two visits of two events each, one person: one active row a day
    assert [row for row in rows if row[0] in shared] == [(day, 4) for day in sorted(shared)]
    merged = warehouse.column(
        f"select max(merged_at) from marts.fct_person_merges where person_id = {person}"
    )
    assert merged[0].date() == day_back(case["linked_days_back"])


@check
def check_revoked_link(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(lead=case["lead"], user=case["user"])
    assert frozenset({case["lead"], case["user"]}) in warehouse.refused("revoked")
    assert not warehouse.rows("marts.dim_lead_users", "user_id", lead_id=case["lead"])
    assert warehouse.lead(case["lead"], "is_matched_to_user") == (False,)
    assert instant(case["revoked_at"]).date() <= AS_OF


@check
def check_merge_chain_into_deleted(warehouse: Warehouse, case: dict[str, Any]) -> None:
    oldest = case["leads"][0]
    (created,) = warehouse.row("staging.stg_crm__leads", "created_at", lead_id=oldest)
    valid = warehouse.ask(
        "select lead_id, created_at from marts.fct_leads"
        f" where lead_id in ({quoted(case['leads'])})"
    )
    assert valid == [(case["survivor"], created)]


@check
def check_lead_with_two_users(warehouse: Warehouse, case: dict[str, Any]) -> None:
    warehouse.person(lead=case["lead"], user=case["users"])
    bound = warehouse.rows("marts.dim_lead_users", "user_id, is_primary_user", lead_id=case["lead"])
    assert dict(bound) == {user: user == case["primary_user"] for user in case["users"]}
    one = warehouse.row("marts.dim_leads_to_users", "user_id, users_bound", lead_id=case["lead"])
    assert one == (case["primary_user"], 2)


@check
def check_user_with_two_leads(warehouse: Warehouse, case: dict[str, Any]) -> None:
    warehouse.person(user=case["user"], lead=case["leads"])
    bound = warehouse.rows("marts.dim_lead_users", "lead_id, is_primary_lead", user_id=case["user"])
    assert dict(bound) == {lead: lead == case["primary_lead"] for lead in case["leads"]}
    one = warehouse.row("marts.dim_users_to_leads", "lead_id, leads_bound", user_id=case["user"])
    assert one == (case["primary_lead"], 2)


@check
def check_chain_and_cycle(warehouse: Warehouse, case: dict[str, Any]) -> None:
    warehouse.person(device=case["devices"], lead=case["lead"], user=case["user"])


@check
def check_shared_device(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(device=case["device"], user=case["users"])
    refused = warehouse.refused("shared_device")
    assert all(frozenset({case["device"], user}) in refused for user in case["users"])
    owners = warehouse.column(
        "select identities.identifier_id"
        " from intermediate.int_events_accepted as events"
        " inner join intermediate.int_event_buckets_identified as buckets"
        "   on buckets.precedence like events.device_id || chr(31) || chr(31) || '%'"
        "   and events.occurred_at between buckets.started_at and buckets.ended_at"
        " inner join intermediate.int_identities as identities using (identifier_key)"
        f" where events.event_id in ({quoted(case['to_UX21'])})"
    )
    assert owners == ["UX21"] * len(case["to_UX21"])


@check
def check_blocked_identifiers(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(device=case["devices_of_null"], user=case["users_of_unknown"])
    assert warehouse.persons(user="null", device="unknown") == [None, None]


@check
def check_blocked_email(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(user=case["users"], lead=case["lead"])
    refused = {name for ends in warehouse.refused("blocked_identifier") for name in ends}
    assert {*case["users"], case["lead"]} <= refused


@check
def check_hub_device(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(device=case["device"], lead=case["leads"])
    assert {ends for ends in warehouse.refused("hub") if case["device"] in ends} == {
        frozenset({case["device"], lead}) for lead in case["leads"]
    }


@check
def check_email_variants(warehouse: Warehouse, case: dict[str, Any]) -> None:
    warehouse.person(user=case["user"], lead=case["leads"])


@check
def check_phone_variants(warehouse: Warehouse, case: dict[str, Any]) -> None:
    warehouse.person(user=case["user"], lead=case["leads"])


@check
def check_unverified_email(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.are_strangers(user=case["user"], lead=case["lead"])


@check
def check_qualified_without_scores(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.lead(case["lead"], "qualified_at") == (instant(case["qualified_at"]),)


@check
def check_scores_beat_status(warehouse: Warehouse, case: dict[str, Any]) -> None:
    statuses = warehouse.rows("staging.stg_crm__lead_statuses", "status", lead_id=case["lead"])
    assert ("qualified",) in statuses
    assert warehouse.lead(case["lead"], "qualified_at") == (None,)


@check
def check_rule_change(warehouse: Warehouse, case: dict[str, Any]) -> None:
    change = date.fromisoformat(KEY["mql_rule_change"])
    (qualified,) = warehouse.lead(case["mql"], "qualified_date")
    assert qualified == change - timedelta(days=1)
    assert warehouse.lead(case["no_mql"], "qualified_at") == (None,)


@check
def check_qualifies_once(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.lead(case["lead"], "qualified_at") == (instant(case["qualified_at"]),)


@check
def check_test_and_deleted_leads(warehouse: Warehouse, case: dict[str, Any]) -> None:
    for lead in (case["test"], case["deleted"]):
        assert warehouse.rows("staging.stg_crm__leads", "lead_id", lead_id=lead)
        assert not warehouse.has_lead(lead)


@check
def check_lead_without_source(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.lead(case["lead"], "channel, source") == ("unknown", "(blank)")


@check
def check_skipped_stage(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.deal(case["opportunity"], "proposal_at, negotiation_at") == (
        instant(case["proposal_at"]),
        instant(case["proposal_at"]),
    )
    entry = warehouse.row(
        "marts.fct_opportunity_stages",
        "is_implied",
        opportunity_id=case["opportunity"],
        stage="proposal",
    )
    assert entry == (True,)


@check
def check_reopened_and_won(warehouse: Warehouse, case: dict[str, Any]) -> None:
    found = warehouse.deal(case["opportunity"], "outcome, is_won, is_lost, closed_at")
    assert found == ("won", True, False, instant(case["closed_at"]))


@check
def check_stage_moved_back(warehouse: Warehouse, case: dict[str, Any]) -> None:
    found = warehouse.deal(case["opportunity"], "negotiation_at, proposal_at < negotiation_at")
    assert found == (instant(case["negotiation_at"]), True)


@check
def check_two_stages_one_second(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.deal(case["opportunity"], "outcome, proposal_at = negotiation_at") == (
        case["outcome"],
        True,
    )


@check
def check_open_at_the_end(warehouse: Warehouse, case: dict[str, Any]) -> None:
    columns = "outcome, closed_at, proposal_at is not null"
    assert [warehouse.deal(name, columns) for name in case["opportunities"]] == [
        ("open", None, True),
        ("open", None, False),
        ("open", None, False),
    ]


@check
def check_deal_before_lead(warehouse: Warehouse, case: dict[str, Any]) -> None:
    columns = "created_date - won_date, reached_won_in_window or not is_won_mature, is_won_to_date"
    assert warehouse.lead(case["lead"], columns) == (9, True, True)
    assert warehouse.deal(case["opportunity"], "lead_id") == (case["lead"],)
    assert warehouse.flags("lead", case["lead"]) == {"deal_before_lead"}


@check
def check_test_deal(warehouse: Warehouse, case: dict[str, Any]) -> None:
    where = {"opportunity_id": case["opportunity"]}
    assert warehouse.rows("staging.stg_crm__opportunities", "is_test", **where) == [(True,)]
    assert not warehouse.rows("marts.fct_opportunities", "opportunity_id", **where)


@check
def check_primary_lead_by_account(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.deal(case["opportunity"], "lead_id") == (case["primary_lead"],)


@check
def check_submitted_paid_cancelled(warehouse: Warehouse, case: dict[str, Any]) -> None:
    where = {"order_id": case["order"]}
    assert warehouse.row("staging.stg_erp__orders", "status", **where) == ("cancelled",)
    assert not warehouse.has_order(case["order"])


@check
def check_free_orders(warehouse: Warehouse, case: dict[str, Any]) -> None:
    for order in case["orders"]:
        assert warehouse.order(order, "gmv_amount, is_free_order") == (0, True)
        assert "free_order" in warehouse.flags("order", order)


@check
def check_order_without_user(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person, buyer, customer, first = warehouse.order(
        case["order"], "person_id, buyer_id, customer_id, is_first_order"
    )
    assert (person, first) == (None, True)
    for column, value in (("buyer_id", buyer), ("customer_id", customer)):
        assert warehouse.rows("marts.fct_orders", "order_id", **{column: str(value)}) == [
            (case["order"],)
        ]


@check
def check_missing_rate(warehouse: Warehouse, case: dict[str, Any]) -> None:
    amounts = "gmv_amount, refund_amount, revenue_amount, gross_profit_amount"
    assert warehouse.order(case["order"], amounts) == (None, None, None, None)
    assert "missing_currency_rate" in warehouse.flags("order", case["order"])
    found = warehouse.deal(case["opportunity"], "amount, is_missing_rate, is_won")
    assert found == (None, True, True)
    assert warehouse.flags("opportunity", case["opportunity"]) == {"missing_currency_rate"}
    unknown = warehouse.ask(
        "select campaign_id, cast(spend_date as varchar) from marts.fct_ad_spend"
        " where spend_amount is null order by all"
    )
    assert unknown == [(campaign, case["date"]) for campaign in case["campaigns"]]
    for campaign, day in unknown:
        assert warehouse.flags("spend", f"{campaign}|{day}") == {"missing_currency_rate"}


@check
def check_identical_orders(warehouse: Warehouse, case: dict[str, Any]) -> None:
    for order in case["orders"]:
        found = warehouse.order(order, "gmv_amount, has_identical_order")
        assert found == (100, order == case["flagged"])
        assert ("identical_order" in warehouse.flags("order", order)) == found[1]


@check
def check_unknown_cost(warehouse: Warehouse, case: dict[str, Any]) -> None:
    for order in case["orders"]:
        found = warehouse.order(order, "gmv_amount > 0, cogs_amount, gross_profit_amount")
        assert found == (True, None, None)
        assert "unknown_cost" in warehouse.flags("order", order)


@check
def check_not_committed(warehouse: Warehouse, case: dict[str, Any]) -> None:
    for order in case["orders"]:
        assert warehouse.rows("staging.stg_erp__orders", "order_id", order_id=order)
        assert not warehouse.has_order(order)


@check
def check_blanks_have_defaults(warehouse: Warehouse, case: dict[str, Any]) -> None:
    found = warehouse.order(case["order"], "sales_channel, is_own_online, gmv_amount")
    assert found == ("own_online", True, 100)


@check
def check_on_terms(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.order(case["valid"], "sales_channel") == ("sales_led",)
    assert not warehouse.has_order(case["not_valid"])


@check
def check_partial_refund(warehouse: Warehouse, case: dict[str, Any]) -> None:
    assert warehouse.order(case["order"], "gmv_amount, revenue_amount, cogs_amount") == (
        Decimal(case["gmv"]),
        Decimal(case["revenue"]),
        warehouse.unit_cost("P4") + warehouse.unit_cost("P6"),
    )


@check
def check_refund_next_month(warehouse: Warehouse, case: dict[str, Any]) -> None:
    refunded, amount = warehouse.row(
        "marts.fct_refunds", "refund_date, refund_amount", refund_id=case["refund"]
    )
    ordered, revenue = warehouse.order(case["order"], "order_date, revenue_amount")
    assert (refunded.year, refunded.month) > (ordered.year, ordered.month)
    assert (amount, revenue) == (180, 0)


@check
def check_refund_above_order(warehouse: Warehouse, case: dict[str, Any]) -> None:
    found = warehouse.row(
        "marts.fct_refunds", "requested_amount, refund_amount", refund_id=case["refund"]
    )
    assert found == (Decimal(case["refunded"]), Decimal(case["goods_value"]))
    assert warehouse.order(case["order"], "gmv_amount, revenue_amount") == (
        Decimal(case["goods_value"]),
        0,
    )
    assert warehouse.flags("order", case["order"]) == {"refund_above_order"}


@check
def check_refund_not_restocked(warehouse: Warehouse, case: dict[str, Any]) -> None:
    cost = 2 * warehouse.unit_cost("P4")
    found = warehouse.order(case["order"], "revenue_amount, cogs_amount, gross_profit_amount")
    assert found == (0, cost, -cost)


@check
def check_refund_without_line(warehouse: Warehouse, case: dict[str, Any]) -> None:
    cost = 2 * warehouse.unit_cost("P4") + warehouse.unit_cost("P6")
    assert warehouse.order(case["order"], "refund_amount, cogs_amount") == (50, cost)
    found = warehouse.row("marts.fct_refunds", "order_id", refund_id=case["refund"])
    assert found == (case["order"],)


@check
def check_first_order_refunded(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    orders = warehouse.ask(
        "select order_id, is_first_order, revenue_amount from marts.fct_orders"
        f" where person_id = {person} order by ordered_at"
    )
    assert orders[0] == (case["order"], True, 0)
    assert [first for _, first, _ in orders[1:]] == [False]


@check
def check_refund_of_cancelled_order(warehouse: Warehouse, case: dict[str, Any]) -> None:
    where = {"refund_id": case["refund"]}
    assert warehouse.row("staging.stg_erp__refunds", "order_id", **where) == (case["order"],)
    assert not warehouse.rows("marts.fct_refunds", "refund_id", **where)


@check
def check_user_without_events(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    registered, human = warehouse.row(
        "marts.dim_persons", "registered_date, is_human", person_id=str(person)
    )
    assert human
    assert registered is not None
    assert warehouse.cohort_equals_its_human_persons(registered)
    assert warehouse.active_days(person) == []


@check
def check_events_without_registration(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    found = warehouse.row("marts.dim_persons", "registered_date", person_id=str(person))
    assert found == (None,)
    assert len(warehouse.active_days(person)) == 1


@check
def check_midnight(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    (registered,) = warehouse.row("marts.dim_persons", "registered_date", person_id=str(person))
    numbers = [(day - registered).days for day in warehouse.active_days(person)]
    assert numbers == case["active_day_numbers"]


@check
def check_bot_day(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(device=case["device"])
    events = warehouse.column(
        "select count(*) from intermediate.int_events_deduplicated"
        f" where device_id = '{case['device']}'"
    )
    assert events == [60]
    sessions = warehouse.column(
        "select count(*) from intermediate.int_sessions"
        " inner join intermediate.int_identities using (identifier_key)"
        f" where person_id = {person}"
    )
    assert sessions == [0]
    assert not warehouse.rows("marts.fct_person_days", "activity_date", person_id=str(person))
    assert not warehouse.rows("marts.fct_touchpoints", "touch_id", person_id=str(person))


@check
def check_internal_traffic(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    columns = "is_human, traffic_type, registered_date"
    human, traffic, registered = warehouse.row("marts.dim_persons", columns, person_id=str(person))
    assert (human, traffic) == (False, "test")
    assert warehouse.cohort_equals_its_human_persons(registered)
    assert warehouse.active_days(person) == []


@check
def check_no_activity(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(user=case["user"])
    found = warehouse.rows("marts.fct_person_days", "is_active, events", person_id=str(person))
    assert found == [(False, 2)]


@check
def check_five_touches(warehouse: Warehouse, case: dict[str, Any]) -> None:
    person = warehouse.person(lead=case["lead"], device=case["device"])
    for model in ("time_decay", "position_based"):
        credited = warehouse.column(
            "select credits.attributed_revenue from marts.fct_attribution_credits as credits"
            " inner join marts.fct_touchpoints as touches using (touch_id)"
            f" where credits.conversion_id = '{case['opportunity']}'"
            f" and credits.conversion_type = 'won_deal' and touches.person_id = {person}"
            f" and credits.attribution_model = '{model}' order by touches.touched_at"
        )
        assert [f"{value:.1f}" for value in credited] == [
            f"{Decimal(value):.1f}" for value in case[model]
        ]
