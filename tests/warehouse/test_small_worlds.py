"""Edge cases in worlds of a handful of rows, each asked the way a reader would ask.

Independent sides: numbers worked out by hand, and the project: the SQL that dbt compiled, replayed
in memory over the rows of the test, and the metrics that MetricFlow compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.oracle.company import Reference
from tests.oracle.compare import plain
from tests.oracle.replay import Replay
from tests.oracle.semantic_layer import SemanticLayer
from tests.support import PROJECT, DbtBuild

Row = Mapping[str, str | None]

LOADED = "2021-01-31T00:00:00Z"  # past, and the last full day is 30 January 2021 in Shanghai
DEFAULTS: dict[str, Row] = {
    "cdp__events": {"event_name": "app_open", "platform": "web"},
    "cdp__identity_links": {"method": "crm_sync"},
    "ads__daily_spend": {"source": "google", "medium": "cpc", "campaign_id": "C1"},
    "crm__opportunities": {"amount": "100"},
    "erp__orders": {"status": "paid", "list_amount": "100"},
}


@dataclass(frozen=True)
class World:
    """A replayed company of a few rows, and the metrics over it."""

    connection: duckdb.DuckDBPyConnection
    layer: SemanticLayer

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def total(self, metric: str) -> Any:
        ((value,),) = self.rows(self.layer.compile(metric, ()))
        return value

    def by(self, metric: str, cut: str) -> dict[Any, Any]:
        """A metric by one time grain or dimension."""
        result = self.connection.execute(self.layer.compile(metric, (cut,)))
        names = [column[0].lower() for column in result.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return {plain(row[cut]): row[metric] for row in found}

    def flags(self) -> set[tuple[str, str, str]]:
        return set(self.rows("select entity, entity_id, flag from marts.fct_flagged_rows"))


MakeWorld = Callable[..., World]


@pytest.fixture(scope="session")
def reference() -> Reference:
    return Reference.read(PROJECT / "seeds" / "reference")


@pytest.fixture(scope="session")
def make_world(built_database: DbtBuild, reference: Reference) -> Iterator[MakeWorld]:
    """Builds worlds; what a row leaves out takes a default."""
    replay = Replay(built_database.target)
    layer = SemanticLayer(built_database.target)
    opened: list[duckdb.DuckDBPyConnection] = []

    def make(reference: Reference = reference, **tables: Sequence[Row]) -> World:
        filled = {
            name: [{"loaded_at": LOADED, **DEFAULTS.get(name, {}), **row} for row in rows]
            for name, rows in tables.items()
        }
        for number, row in enumerate(filled.get("cdp__events", ())):
            row.setdefault("event_id", f"e{number}")
        connection = replay.run(filled, reference)
        opened.append(connection)
        return World(connection, layer)

    yield make
    for connection in opened:
        connection.close()


# --- rows


def test_spellings_of_one_address__have_one_hash_and_unverified_ones_none(
    make_world: MakeWorld,
) -> None:
    given = {
        "plain": ("ada@example.org", "true", "13812345678", "true"),
        "spelled": ("\uff21DA+news@Example.ORG", "true", "+86 138-1234-5678", "true"),
        "spaced": ("ada @example. org", "true", "\uff10\uff10\uff18\uff1613812345678", "true"),
        "unverified": ("ada@example.org", "false", "13812345678", "false"),
        "unsaid": ("ada@example.org", None, "13812345678", None),
        "nonsense": ("ada.example.org", "true", "123456", "true"),
        "absent": (None, "true", None, "true"),
        "another": ("bo@example.org", "true", "13812345679", "true"),
    }
    names = ("email", "is_email_verified", "phone", "is_phone_verified")
    world = make_world(
        crm__leads=[
            {
                "lead_id": lead,
                "created_at": "2020-01-01T00:00:00Z",
                **dict(zip(names, values, strict=True)),
            }
            for lead, values in given.items()
        ]
    )
    for column in ("verified_email_hash", "verified_phone_hash"):
        found = dict(world.rows(f"select lead_id, {column} from staging.stg_crm__leads"))
        assert found["plain"] is not None
        assert "ada" not in found["plain"]
        assert found["plain"] == found["spelled"] == found["spaced"] != found["another"]
        assert [found[lead] for lead in ("unverified", "unsaid", "nonsense", "absent")] == [
            None
        ] * 4
    # and so these three are one person
    assert world.rows("select count(*) from marts.dim_persons") == [(len(given) - 2,)]


def test_the_latest_sound_version__counts_and_the_broken_one_is_quarantined(
    make_world: MakeWorld,
) -> None:
    lead = {"created_at": "2020-03-01T00:00:00Z"}
    world = make_world(
        crm__leads=[
            {"lead_id": "L1", **lead, "source": "google", "loaded_at": "2020-03-02T00:00:00Z"},
            {"lead_id": "L1", **lead, "source": " Bing ", "loaded_at": "2020-03-03T00:00:00Z"},
            {"lead_id": "L2", **lead, "source": "google", "loaded_at": "2020-03-02T00:00:00Z"},
            {"lead_id": "L2", **lead, "is_deleted": "maybe", "loaded_at": "2020-03-03T00:00:00Z"},
            {"lead_id": None, **lead},
        ]
    )
    assert world.rows(
        "select lead_id, source, campaign, is_deleted from staging.stg_crm__leads order by all"
    ) == [("L1", "bing", "(none)", False), ("L2", "google", "(none)", False)]
    counts = "select rule, rows_quarantined from marts.fct_quarantine_counts order by all"
    assert world.rows(counts) == [("bad_type", 1), ("missing_value", 1)]


def test_a_restatement__is_logged_where_a_value_appears_or_goes_by_reporting_day(
    make_world: MakeWorld,
) -> None:
    lead = {"lead_id": "L1", "created_at": "2020-03-01T00:00:00Z"}
    world = make_world(
        crm__leads=[
            {**lead, "loaded_at": "2020-03-02T00:00:00Z"},
            {**lead, "loaded_at": "2020-03-03T16:30:00Z", "source": "google"},
            {**lead, "loaded_at": "2020-03-05T00:00:00Z"},
            {**lead, "loaded_at": "2020-03-06T00:00:00Z"},
        ]
    )
    # the last version is taken after the last day of the numbers, and is logged all the same
    assert world.rows("select as_of_date from intermediate.int_reporting_window") == [
        (date(2020, 3, 5),)
    ]
    assert world.rows(
        "select row_key, changed_columns, restated_date from marts.fct_restated_rows order by all"
    ) == [("L1", "source", date(2020, 3, 4)), ("L1", "source", date(2020, 3, 5))]


# --- identity


def test_a_late_edge_joins_two_persons__mau_falls_by_one_and_revenue_stays(
    make_world: MakeWorld,
) -> None:
    events: list[Row] = [
        {"user_id": user, "occurred_at": f"2021-01-{day}T04:00:00Z"}
        for user in ("U1", "U2")
        for day in ("10", "20", "25")
    ]
    orders: list[Row] = [
        {"order_id": order, "user_id": user, "ordered_at": f"{day}T05:00:00Z", "list_amount": paid}
        for order, user, day, paid in (
            ("S1", "U1", "2021-01-10", "100"),
            ("S2", "U2", "2021-01-20", "50"),
        )
    ]
    link = {"left_type": "lead", "left_id": "L1", "right_type": "user"}
    early = {**link, "right_id": "U1", "linked_at": "2021-01-05T00:00:00Z"}
    late = {**link, "right_id": "U2", "linked_at": "2021-01-28T00:00:00Z"}
    rest: dict[str, list[Row]] = {
        "cdp__events": events,
        "erp__orders": orders,
        "crm__leads": [{"lead_id": "L1", "created_at": "2021-01-05T00:00:00Z"}],
    }
    before = make_world(cdp__identity_links=[early], **rest)
    after = make_world(cdp__identity_links=[early, late], **rest)

    for metric in ("mau", "buyers", "new_customers", "active_users"):
        assert (before.total(metric), after.total(metric)) == (2, 1), metric
    for day in (date(2021, 1, 10), date(2021, 1, 20)):  # history is restated too
        found = before.by("dau", "metric_time__day")[day], after.by("dau", "metric_time__day")[day]
        assert found == (2, 1)
    for metric in ("revenue", "gmv", "orders"):
        assert before.total(metric) == after.total(metric) > 0, metric
        by_day = "metric_time__day"
        assert before.by(metric, by_day) == after.by(metric, by_day), metric
    merges = "select method, cast(merged_at as date) from marts.fct_person_merges"
    # the lead was there first, then came its first user
    assert after.rows(f"{merges} order by merged_at")[-1] == ("crm_sync", date(2021, 1, 28))
    assert len(after.rows(merges)) == len(before.rows(merges)) + 1


# --- time


def test_as_of_date__is_the_day_before_the_last_load_of_any_of_the_five_tables(
    make_world: MakeWorld,
) -> None:
    early, late = {"loaded_at": "2020-01-10T00:00:00Z"}, {"loaded_at": "2020-02-10T17:00:00Z"}
    rows: dict[str, Row] = {
        "crm__leads": {"lead_id": "L1", "created_at": "2020-01-05T00:00:00Z"},
        "crm__opportunities": {"opportunity_id": "O1", "created_at": "2020-01-05T00:00:00Z"},
        "cdp__events": {"user_id": "U1", "occurred_at": "2020-01-05T00:00:00Z"},
        "ads__daily_spend": {"spend_date": "2020-01-05", "spend": "1"},
        "erp__orders": {"order_id": "S1", "ordered_at": "2020-01-05T00:00:00Z"},
    }
    for latest in rows:
        world = make_world(
            **{name: [row | (late if name == latest else early)] for name, row in rows.items()}
        )
        found = world.rows("select as_of_date from intermediate.int_reporting_window")
        assert found == [(date(2020, 2, 10),)], latest


def test_a_week__starts_on_monday_in_the_reporting_time_zone(make_world: MakeWorld) -> None:
    world = make_world(
        erp__orders=[
            {"order_id": "S1", "ordered_at": "2020-02-23T16:00:00Z"},  # Monday begins in Shanghai
            {"order_id": "S2", "ordered_at": "2020-03-01T15:59:59.999999Z"},  # Sunday ends
            {"order_id": "S3", "ordered_at": "2020-03-01T16:00:00Z"},
        ]
    )
    weeks = world.by("orders", "metric_time__week")
    assert {week: orders for week, orders in weeks.items() if orders} == {
        date(2020, 2, 24): 2,
        date(2020, 3, 2): 1,
    }


def test_iso_week_53__is_one_week_over_two_years(make_world: MakeWorld) -> None:
    first = date(2020, 12, 27)  # the Sunday before
    world = make_world(
        ads__daily_spend=[
            {"spend_date": str(first + timedelta(days=number)), "spend": str(2**number)}
            for number in range(9)
        ]
    )
    weeks = world.by("ad_spend", "metric_time__week")
    assert {week: spend for week, spend in weeks.items() if spend} == {
        date(2020, 12, 21): 1,
        date(2020, 12, 28): 2 + 4 + 8 + 16 + 32 + 64 + 128,
        date(2021, 1, 4): 256,
    }
    assert world.by("ad_spend", "metric_time__year")[date(2020, 1, 1)] == 1 + 2 + 4 + 8 + 16


def test_mau__takes_30_days_in_a_month_of_28_and_30_and_31_days(make_world: MakeWorld) -> None:
    last_days = (date(2019, 2, 28), date(2019, 4, 30), date(2019, 8, 31))
    world = make_world(
        cdp__events=[
            {"user_id": f"{last}-{back}", "occurred_at": f"{last - timedelta(days=back)}T04:00:00Z"}
            for last in last_days
            for back in (0, 29, 30)
        ]
    )
    months = [last.replace(day=1) for last in last_days]
    trailing = world.by("mau", "metric_time__month")
    assert [trailing[month] for month in months] == [2, 2, 2]
    calendar = world.by("mau_calendar", "metric_time__month")
    assert [calendar[month] for month in months] == [1, 2, 3]
    # on the first of the next month the person of 30 January has left, that of 28 February has not
    assert world.by("mau", "metric_time__day")[date(2019, 3, 1)] == 1


# --- activity


def test_events_before_registration__are_activity_and_no_retention(make_world: MakeWorld) -> None:
    world = make_world(
        cdp__users=[{"user_id": "U1", "registered_at": "2020-02-01T04:00:00Z"}],
        cdp__events=[
            {"user_id": "U1", "occurred_at": f"2020-{day}T04:00:00Z"} for day in ("01-15", "01-31")
        ],
    )
    by_day = "metric_time__day"
    active = world.by("dau", by_day)
    assert [active[date(2020, 1, day)] for day in (15, 16, 31)] == [1, 0, 1]
    assert {day: new for day, new in world.by("dnu", by_day).items() if new} == {
        date(2020, 2, 1): 1
    }
    for number in (1, 3, 7, 30):
        assert world.by(f"retention_d{number}", by_day)[date(2020, 2, 1)] == 0, number


def test_in_the_first_days_of_data__nobody_is_resurrected_by_truncation(
    make_world: MakeWorld,
) -> None:
    first = date(2020, 1, 1)
    days = {"daily": range(12), "on_the_edge": (0, 30), "beyond": (0, 31), "late": (5,)}
    world = make_world(
        # all of them were there long before anybody looked
        cdp__users=[{"user_id": user, "registered_at": "2019-06-01T04:00:00Z"} for user in days],
        cdp__events=[
            {"user_id": user, "occurred_at": f"{first + timedelta(days=number)}T04:00:00Z"}
            for user, numbers in days.items()
            for number in numbers
        ],
    )
    change = {
        day: (new, resurrected)
        for day, new, resurrected in world.rows(
            "select activity_date, sum(new_users_active), sum(resurrected_users)"
            " from marts.fct_active_users_daily group by activity_date"
        )
        if new or resurrected
    }
    assert change == {
        first: (3, 0),
        first + timedelta(days=5): (1, 0),
        first + timedelta(days=31): (0, 1),
    }


# --- cost


def test_leads_later_than_their_spend__cpl_sets_spend_month_against_lead_month(
    make_world: MakeWorld,
) -> None:
    traffic = {"source": "google", "medium": "cpc"}
    world = make_world(
        ads__daily_spend=[
            {"spend_date": "2020-01-15", "spend": "300"},
            {"spend_date": "2020-02-15", "spend": "60"},
        ],
        crm__leads=[
            {"lead_id": f"L{number}", "created_at": f"{day}T00:00:00Z", **traffic}
            for number, day in enumerate(["2020-01-20", *["2020-02-10"] * 3, *["2020-03-01"] * 5])
        ],
    )
    by_month = world.by("cpl", "metric_time__month")
    months = [date(2020, month, 1) for month in (1, 2, 3)]
    assert [by_month.get(month) for month in months] == [300, 20, None]
    assert world.by("cpl", "metric_time__quarter")[months[0]] == 40
    assert world.total("cpl") == 40


def test_spend_imported_twice__the_later_version_wins_and_equal_loads_are_quarantined(
    make_world: MakeWorld,
) -> None:
    world = make_world(
        ads__daily_spend=[
            {"spend_date": "2020-01-01", "spend": "100", "loaded_at": "2020-01-02T00:00:00Z"},
            {"spend_date": "2020-01-01", "spend": "80", "loaded_at": "2020-01-09T00:00:00Z"},
            {"spend_date": "2020-01-02", "spend": "7", "clicks": "1"},
            {"spend_date": "2020-01-02", "spend": "7", "clicks": "1"},
            {"spend_date": "2020-01-02", "spend": "9", "campaign_id": "C2"},
        ]
    )
    by_day = world.by("ad_spend", "metric_time__day")
    assert [by_day[date(2020, 1, day)] for day in (1, 2)] == [80, 7 + 9]
    assert world.total("ad_spend") == 96
    assert world.rows("select * from marts.fct_quarantine_counts") == [
        ("ads.daily_spend", "duplicate_key", 1)
    ]


def test_blended_cpl__is_not_the_mean_of_the_channels_cpls(make_world: MakeWorld) -> None:
    search = {"source": "google", "medium": "cpc"}
    social = {"source": "wechat", "medium": "paid_social"}
    world = make_world(
        ads__daily_spend=[
            {"spend_date": "2020-01-01", "spend": "100", "campaign_id": "C1", **search},
            {"spend_date": "2020-01-01", "spend": "100", "campaign_id": "C2", **social},
        ],
        crm__leads=[
            {"lead_id": f"L{number}", "created_at": "2020-01-02T00:00:00Z", **traffic}
            for number, traffic in enumerate([search, *[social] * 4])
        ],
    )
    by_channel = world.by("cpl", "channel")
    assert (by_channel["paid_search"], by_channel["paid_social"]) == (100, 25)
    assert world.total("cpl") == 40 != (100 + 25) / 2


def test_missing_rate__spend_and_opportunity_are_null_and_flagged(make_world: MakeWorld) -> None:
    world = make_world(
        erp__currency_rates=[{"rate_date": "2020-01-02", "currency": "USD", "rate": "7"}],
        ads__daily_spend=[
            {"spend_date": "2020-01-01", "spend": "10", "currency": "USD"},
            {"spend_date": "2020-01-02", "spend": "10", "currency": "USD"},
        ],
        crm__opportunities=[
            {
                "opportunity_id": f"O{day}",
                "created_at": f"2020-01-0{day}T04:00:00Z",
                "currency": "USD",
            }
            for day in (1, 2)
        ],
    )
    spend = "select spend_date, spend_amount from marts.fct_ad_spend order by all"
    assert [amount for _, amount in world.rows(spend)] == [None, 70]
    amounts = "select opportunity_id, amount from marts.fct_opportunities order by all"
    assert world.rows(amounts) == [("O1", None), ("O2", 700)]
    assert world.flags() == {
        ("spend", "C1|2020-01-01", "missing_currency_rate"),
        ("opportunity", "O1", "missing_currency_rate"),
    }
    assert world.total("ad_spend") == 70
    assert world.by("ad_spend", "metric_time__day")[date(2020, 1, 1)] is None


def test_money_per_row__leaves_rows_without_a_currency_rate_out_of_both_sides(
    make_world: MakeWorld,
) -> None:
    world = make_world(
        erp__currency_rates=[{"rate_date": "2020-01-02", "currency": "USD", "rate": "7"}],
        erp__orders=[
            {"order_id": "S1", "ordered_at": "2020-01-02T04:00:00Z", "list_amount": "60"},
            {"order_id": "S2", "ordered_at": "2020-01-02T04:00:00Z", "currency": "USD"},
            {"order_id": "S3", "ordered_at": "2020-01-02T04:00:00Z", "currency": "EUR"},
            {"order_id": "S4", "ordered_at": "2020-01-03T04:00:00Z", "currency": "USD"},
        ],
        erp__refunds=[
            {"refund_id": "R1", "order_id": "S1", "amount": "20", "refunded_at": "2020-01-09"}
        ],
        ads__daily_spend=[
            {"spend_date": "2020-01-02", "spend": "10", "clicks": "5"},
            {"spend_date": "2020-01-02", "spend": "10", "clicks": "9", "currency": "USD"}
            | {"campaign_id": "C2"},
            {"spend_date": "2020-01-03", "spend": "10", "clicks": "6", "currency": "USD"},
        ],
    )
    assert (world.total("orders"), world.total("valued_orders")) == (4, 2)
    assert world.total("gmv_per_order") == (60 + 700) / 2
    assert world.total("aov") == (60 - 20 + 700) / 2
    assert (world.total("ad_clicks"), world.total("valued_ad_clicks")) == (20, 14)
    assert world.total("cpc") == (10 + 70) / (5 + 9)
    for metric in ("gmv_per_order", "aov", "cpc"):
        assert world.by(metric, "metric_time__day")[date(2020, 1, 3)] is None, metric


# --- channels


def test_a_campaign__takes_its_last_channel_and_the_last_name_it_was_given(
    make_world: MakeWorld,
) -> None:
    world = make_world(
        ads__daily_spend=[
            {
                "spend_date": day,
                "campaign": "spring",
                "campaign_name": name,
                "source": source,
                "medium": medium,
            }
            for day, name, source, medium in (
                ("2020-01-01", "Spring", "google", "cpc"),
                ("2020-01-02", "Spring of 2020", "bing", "cpc"),
                ("2020-01-03", None, "wechat", "paid_social"),
            )
        ]
    )
    found = "select campaign_name, advertised_channel from marts.dim_campaigns"
    assert world.rows(f"{found} where campaign = 'spring'") == [("Spring of 2020", "paid_social")]


def test_dirty_traffic__is_cleaned_and_the_most_exact_rule_names_the_channel(
    make_world: MakeWorld, reference: Reference
) -> None:
    rules = [
        {"source": "google", "medium": "cpc", "channel": "paid_search"},
        {"source": "google", "medium": "*", "channel": "organic_search"},
        {"source": "*", "medium": "cpc", "channel": "display"},
    ]
    given = {
        "L1": ("google", "cpc", "spring"),
        "L2": ("Google ", " CPC", " Spring "),
        "L3": ("google", "email", "SPRING"),
        "L4": ("GOOGLE", None, "spring"),
        "L5": ("bing", "Cpc", "  "),
        "L6": (None, "cpc", None),
        "L7": ("bing", "fax", "fall"),
        "L8": (" ", "", "fall"),
    }
    world = make_world(
        reference=replace(reference, channel_map=rules),
        crm__leads=[
            {
                "lead_id": lead,
                "created_at": "2020-01-01T00:00:00Z",
                "source": source,
                "medium": medium,
                "campaign": campaign,
            }
            for lead, (source, medium, campaign) in given.items()
        ],
    )
    assert world.rows("select lead_id, channel from marts.fct_leads order by all") == [
        ("L1", "paid_search"),
        ("L2", "paid_search"),
        ("L3", "organic_search"),
        ("L4", "organic_search"),
        ("L5", "display"),
        ("L6", "display"),
        ("L7", "other"),
        ("L8", "unknown"),
    ]
    assert world.by("leads", "campaign") == {"spring": 4, "(none)": 2, "fall": 2}


# --- sales


def test_a_deal_before_its_lead__is_flagged_from_the_first_instant_before(
    make_world: MakeWorld,
) -> None:
    created = "2020-01-05T04:00:00Z"
    world = make_world(
        crm__leads=[{"lead_id": lead, "created_at": created} for lead in ("L1", "L2")],
        crm__opportunities=[
            {"opportunity_id": "O1", "lead_id": "L1", "created_at": "2020-01-01T00:00:00Z"},
            {"opportunity_id": "O2", "lead_id": "L2", "created_at": "2020-01-01T00:00:00Z"},
        ],
        crm__opportunity_stages=[
            {"opportunity_id": "O1", "stage": "won", "entered_at": created},
            {"opportunity_id": "O2", "stage": "won", "entered_at": "2020-01-05T03:59:59.999999Z"},
        ],
    )
    assert world.flags() == {("lead", "L2", "deal_before_lead")}


def test_the_cost_of_a_line__is_rounded_half_away_from_zero_to_cents(
    make_world: MakeWorld,
) -> None:
    world = make_world(
        erp__orders=[{"order_id": "S1", "ordered_at": "2020-01-05T04:00:00Z"}],
        erp__order_lines=[
            {"order_line_id": line, "order_id": "S1", "quantity": quantity, "unit_cost": cost}
            for line, quantity, cost in (
                ("1", "1", "12.345"),
                ("2", "2", "3.3333"),
                ("3", "3", "0.0016"),
            )
        ],
    )
    lines = "select order_line_id, cogs_amount from marts.fct_order_lines order by all"
    assert world.rows(lines) == [
        ("1", Decimal("12.35")),
        ("2", Decimal("6.67")),
        ("3", Decimal("0.00")),
    ]
    # the order rounds once
    assert world.rows("select cogs_amount from marts.fct_orders") == [(Decimal("19.02"),)]


def test_first_order_refunded__stays_the_first_and_the_customer_stays_new(
    make_world: MakeWorld,
) -> None:
    orders: list[Row] = [
        {"order_id": "S1", "user_id": "U1", "ordered_at": "2020-01-05T04:00:00Z"},
        {"order_id": "S2", "user_id": "U1", "ordered_at": "2020-03-05T04:00:00Z"},
    ]
    refund = {"refund_id": "R1", "order_id": "S1", "amount": "100"}
    world = make_world(
        erp__orders=orders, erp__refunds=[{**refund, "refunded_at": "2020-02-20T00:00:00Z"}]
    )
    found = "select order_id, is_first_order, revenue_amount from marts.fct_orders order by all"
    assert world.rows(found) == [("S1", True, 0), ("S2", False, 100)]
    months = [date(2020, month, 1) for month in (1, 2, 3)]
    new = world.by("new_customers", "metric_time__month")
    assert [new.get(month) or 0 for month in months] == [1, 0, 0]
    # the revenue goes back on the day of the order, not on that of the refund
    revenue = world.by("revenue", "metric_time__month")
    assert [revenue.get(month) or 0 for month in months] == [0, 0, 100]
    assert world.total("gmv") == 200


def test_order_without_a_user__is_one_buyer_and_one_customer(make_world: MakeWorld) -> None:
    at = {"ordered_at": "2020-01-05T04:00:00Z"}
    world = make_world(
        crm__accounts=[{"account_id": "A1"}],
        erp__orders=[
            {"order_id": "S1", **at},
            {"order_id": "S2", **at},
            {"order_id": "S3", "user_id": "U1", **at},
            {"order_id": "S4", "user_id": "U1", **at, "list_amount": "5"},
            {"order_id": "S5", "account_id": "A1", **at},
            {"order_id": "S6", "account_id": "A1", **at, "list_amount": "5"},
        ],
    )
    # S1, S2, U1, and each order of the account, whose buyers nobody knows
    assert world.total("buyers") == 5
    # S1, S2, U1, A1
    assert world.total("new_customers") == 4
    # two alike of an unknown buyer are no copies of each other
    assert not {flag for _, _, flag in world.flags() if flag == "identical_order"}


# --- attribution


def test_a_refund__reverses_attributed_revenue_with_the_original_weights(
    make_world: MakeWorld,
) -> None:
    touches = [("01-01", "cpc"), ("01-06", "email"), ("01-09", "display")]
    rest: dict[str, list[Row]] = {
        "cdp__events": [
            {
                "user_id": "U1",
                "occurred_at": f"2020-{day}T04:00:00Z",
                "source": "somewhere",
                "medium": medium,
            }
            for day, medium in touches
        ],
        "erp__orders": [{"order_id": "S1", "user_id": "U1", "ordered_at": "2020-01-10T04:00:00Z"}],
    }
    refund = {"refund_id": "R1", "order_id": "S1", "amount": "40"}
    kept = make_world(**rest)
    returned = make_world(erp__refunds=[{**refund, "refunded_at": "2020-02-20T00:00:00Z"}], **rest)
    credits_of = (
        "select attribution_model, channel, credit, attributed_revenue"
        " from marts.fct_attribution_credits where conversion_type = 'order' order by all"
    )
    before, after = kept.rows(credits_of), returned.rows(credits_of)
    assert [row[:3] for row in after] == [row[:3] for row in before]
    assert len({model for model, *_ in before}) == 5
    for (*_, credit, whole), (*_, reduced) in zip(before, after, strict=True):
        assert whole == pytest.approx(100 * credit, abs=1e-9)
        assert reduced == pytest.approx(60 * credit, abs=1e-9)
    assert returned.total("attributed_conversions") == kept.total("attributed_conversions") == 1
    assert returned.by("attributed_revenue", "channel")["email"] == pytest.approx(60 * 0.2)
    assert returned.total("attributed_revenue") == Decimal(60)
