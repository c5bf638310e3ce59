"""The oracle against numbers worked out by hand: it must itself be right before it may judge.

Both sides here are the oracle and a person's arithmetic; no SQL takes part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from .attribution import Model, shares
from .company import Company, Reference
from .conftest import MakeCompany
from .crm import survivors
from .identity import normalised_email, normalised_phone
from .metrics import METRICS, metric, period_of
from .raw import Settings, UnconvertibleError, parse_timestamp, parser_of


def users_of(company: Company) -> set[frozenset[str]]:
    """The persons as sets of plain ids."""
    return {frozenset(name for _, name in person) for person in company.partition()}


# --------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T16:30:00Z", datetime(2026, 3, 1, 16, 30)),
        ("2026-03-02 00:30:00+08:00", datetime(2026, 3, 1, 16, 30)),
        ("2026-03-01 13:30:00-03", datetime(2026, 3, 1, 16, 30)),
        ("2026-03-01 16:30:00", datetime(2026, 3, 1, 16, 30)),
        ("2026-03-01T23:59:59.999Z", datetime(2026, 3, 1, 23, 59, 59, 999000)),
        ("2026-03-01", datetime(2026, 3, 1)),
    ],
)
def test_oracle__timestamps_become_utc(text: str, expected: datetime) -> None:
    assert parse_timestamp(text) == expected


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("bigint", "1.5"),
        ("bigint", "many"),
        ("double", "nan"),
        ("double", "inf"),
        ("date", "2026-02-29"),
        ("timestamp", "2026-13-01T00:00:00Z"),
        ("boolean", "maybe"),
        ("decimal(18,4)", "1,5"),
        ("decimal(18,4)", "123456789012345"),
    ],
)
def test_oracle__what_does_not_convert_is_refused(data_type: str, text: str) -> None:
    with pytest.raises(UnconvertibleError):
        parser_of(data_type)(text)


def test_oracle__1630_utc_is_the_next_day_in_shanghai() -> None:
    assert Settings().day_of(datetime(2026, 3, 1, 16, 30)) == date(2026, 3, 2)
    assert Settings().day_of(datetime(2026, 3, 1, 15, 59, 59, 999999)) == date(2026, 3, 1)


def test_oracle__daylight_saving_gap_and_overlap_keep_their_day() -> None:
    berlin = Settings(reporting_timezone="Europe/Berlin")
    assert berlin.day_of(datetime(2026, 3, 28, 23, 0)) == date(2026, 3, 29)
    assert berlin.day_of(datetime(2026, 3, 29, 21, 59)) == date(2026, 3, 29)
    assert berlin.day_of(datetime(2026, 3, 29, 22, 0)) == date(2026, 3, 30)
    assert berlin.day_of(datetime(2026, 10, 25, 22, 59)) == date(2026, 10, 25)
    assert berlin.day_of(datetime(2026, 10, 25, 23, 0)) == date(2026, 10, 26)


def test_oracle__a_row_names_every_rule_that_it_breaks(make_company: MakeCompany) -> None:
    company = make_company(
        erp__orders=[
            {
                "order_id": None,
                "ordered_at": "2027-07-01T00:00:00Z",
                "status": "PAID",
                "list_amount": "-1",
                "is_test": "maybe",
            }
        ]
    )
    (row,) = company.data.quarantined
    assert row.rules == (
        "bad_type",
        "future_timestamp",
        "missing_value",
        "out_of_range",
        "unknown_enum",
    )


def test_oracle__the_clock_may_run_five_minutes_ahead(make_company: MakeCompany) -> None:
    company = make_company(
        cdp__events=[
            {
                "user_id": "U1",
                "occurred_at": f"2026-01-01T00:05:00{fraction}Z",
                "loaded_at": "2026-01-01T00:00:00Z",
            }
            for fraction in ("", ".000001")
        ]
    )
    assert len(company.data.current["cdp__events"]) == 1
    assert company.quarantine_counts() == {("cdp__events", "future_timestamp"): 1}


def test_oracle__a_date_counts_from_its_midnight_in_the_reporting_zone(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        ads__daily_spend=[
            {"spend_date": "2026-01-02", "loaded_at": "2026-01-01T16:00:00Z"},
            {"spend_date": "2026-01-03", "loaded_at": "2026-01-02T15:54:00Z"},
        ]
    )
    assert [row["spend_date"] for row in company.data.current["ads__daily_spend"]] == [
        date(2026, 1, 2)
    ]


def test_oracle__the_latest_sound_version_counts(make_company: MakeCompany) -> None:
    company = make_company(
        erp__orders=[
            {"order_id": "S1", "ordered_at": "2026-01-01", "list_amount": amount, "loaded_at": at}
            for amount, at in (("1", "2026-01-02"), ("2", "2026-01-03"), ("-3", "2026-01-04"))
        ]
    )
    assert company.orders["S1"].gmv == Decimal("2.00")
    assert company.quarantine_counts() == {("erp__orders", "out_of_range"): 1}


def test_oracle__of_two_rows_with_one_key_and_load_the_first_in_text_order_stays(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        erp__products=[
            {"product_id": "P1", "brand": None, "category": "a"},
            {"product_id": "P1", "brand": "b", "category": "b"},
            {"product_id": "P1", "brand": "a", "category": "b"},
        ]
    )
    assert [row["category"] for row in company.data.current["erp__products"]] == ["a"]
    assert company.quarantine_counts() == {("erp__products", "duplicate_key"): 2}


def test_oracle__as_of_date_is_the_day_before_the_day_of_the_last_load(
    make_company: MakeCompany,
) -> None:
    orders = [
        {"order_id": "S1", "ordered_at": "2026-02-01T00:00:00Z"},
        {"order_id": "S2", "ordered_at": "2026-02-28T15:59:59.999999Z"},
        {"order_id": "S3", "ordered_at": "2026-02-28T16:00:00Z"},
    ]
    company = make_company(
        as_of=None,
        erp__orders=[row | {"loaded_at": "2026-03-01T15:59:59Z"} for row in orders],
    )
    assert company.data.as_of == date(2026, 2, 28)
    assert set(company.orders) == {"S1", "S2"}


def test_oracle__copies_of_an_event_are_one_event_and_stay_out_of_validity(
    make_company: MakeCompany,
) -> None:
    event = {"user_id": "U1", "occurred_at": "2026-01-01T00:00:00Z"}
    company = make_company(
        cdp__events=[
            event | {"event_id": "e1"},
            event | {"event_id": "e1"},
            event | {"event_id": "e2", "event_name": "made_up"},
            event | {"event_id": "e3", "event_name": "view_landing"},
            event | {"event_id": "e4", "event_name": "view_landing", "page": "/"},
            event | {"event_id": "e5", "platform": "fridge"},
        ]
    )
    assert metric(company, "event_validity_rate") == {(None, None): pytest.approx(2 / 5)}


# --------------------------------------------------------------------------- identity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Ada.B+news+x@Example.COM ", "ada.b@example.com"),
        ("ＡＤＡ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com"),
        ("ada\u3000@ex ample.com", "ada@example.com"),
        ("ada.example.com", None),
        (None, None),
    ],
)
def test_oracle__addresses_are_normalised(text: str | None, expected: str | None) -> None:
    assert normalised_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+86 138 0000 0001", "13800000001"),
        ("0086-138-0000-0001", "13800000001"),
        ("１３８００００００００１", "138000000001"),
        ("8612345", "8612345"),
        ("123456", None),
        ("8613800000", "8613800000"),
    ],
)
def test_oracle__numbers_are_normalised(text: str, expected: str | None) -> None:
    assert normalised_phone(text) == expected


def link(left: str, right: str, **more: str) -> dict[str, str | None]:
    kinds = {"L": "lead", "U": "user", "d": "device"}
    row: dict[str, str | None] = {
        "left_type": kinds[left[0]],
        "left_id": left,
        "right_type": kinds[right[0]],
        "right_id": right,
        "linked_at": "2026-01-01T00:00:00Z",
    }
    return row | dict(more)


def test_oracle__a_chain_and_a_cycle_are_one_person(make_company: MakeCompany) -> None:
    chain = [link("L1", "U1"), link("U1", "d1"), link("d1", "L2")]
    assert len(make_company(cdp__identity_links=chain).identity.persons) == 1
    cycle = [*chain, link("L1", "L2")]
    assert len(make_company(cdp__identity_links=cycle).identity.persons) == 1


def test_oracle__two_users_never_merge_through_a_device(make_company: MakeCompany) -> None:
    company = make_company(
        cdp__events=[
            {"device_id": "d1", "user_id": "U1", "occurred_at": "2026-01-01T00:00:00Z"},
            {"device_id": "d1", "occurred_at": "2026-01-02T00:00:00Z"},
            {"device_id": "d1", "user_id": "U2", "occurred_at": "2026-01-03T00:00:00Z"},
            {"device_id": "d1", "occurred_at": "2026-01-04T00:00:00Z"},
        ]
    )
    assert users_of(company) == {frozenset({"U1"}), frozenset({"U2"}), frozenset({"d1"})}
    owners = [owner for _, owner in sorted(company.identity.event_owner.items())]
    assert owners == [("user", "U1"), ("user", "U2"), ("user", "U2"), ("user", "U2")]


def test_oracle__a_revoked_link_splits_the_person_from_its_day_on(
    make_company: MakeCompany,
) -> None:
    revoked = [link("L1", "U1", revoked_at="2026-03-31T15:59:59Z")]
    assert len(make_company(as_of="2026-03-30", cdp__identity_links=revoked).identity.persons) == 1
    assert len(make_company(as_of="2026-03-31", cdp__identity_links=revoked).identity.persons) == 2


@pytest.mark.parametrize(("neighbours", "persons"), [(20, 1), (21, 22)])
def test_oracle__a_hub_beyond_the_limit_identifies_nobody(
    make_company: MakeCompany, neighbours: int, persons: int
) -> None:
    links = [link("d1", f"L{number}") for number in range(neighbours)]
    assert len(make_company(cdp__identity_links=links).identity.persons) == persons


def test_oracle__a_blocked_identifier_belongs_to_nobody(make_company: MakeCompany) -> None:
    company = make_company(
        cdp__events=[
            {"device_id": " NULL ", "user_id": user, "occurred_at": "2026-01-01T00:00:00Z"}
            for user in ("U1", "U2")
        ]
    )
    assert users_of(company) == {frozenset({"U1"}), frozenset({"U2"})}
    assert company.identity.shared_devices == set()


def test_oracle__verified_addresses_identify_and_others_do_not(make_company: MakeCompany) -> None:
    def persons(verified: str) -> int:
        company = make_company(
            crm__leads=[{"lead_id": "L1", "email": "A@x.com", "is_email_verified": "true"}],
            cdp__users=[
                {
                    "user_id": "U1",
                    "registered_at": "2026-01-01T00:00:00Z",
                    "email": "a+1@x.com",
                    "is_email_verified": verified,
                }
            ],
        )
        return len(company.identity.persons)

    assert persons("true") == 1
    assert persons("false") == 2


def test_oracle__the_primary_user_is_the_directly_linked_one_then_the_oldest(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        crm__leads=[{"lead_id": "L1"}, {"lead_id": "L2"}],
        cdp__users=[
            {"user_id": "U1", "registered_at": "2026-01-02T00:00:00Z"},
            {"user_id": "U2", "registered_at": "2026-01-01T00:00:00Z"},
        ],
        cdp__identity_links=[link("L1", "U1"), link("U1", "U2"), link("L1", "L2")],
    )
    assert len(company.identity.bindings) == 4
    assert company.identity.primary_user == {"L1": "U1", "L2": "U2"}
    assert company.identity.primary_lead == {"U1": "L1", "U2": "L1"}


def test_oracle__a_persons_attributes_come_from_the_oldest_member_that_has_one(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        crm__leads=[
            {
                "lead_id": "L1",
                "created_at": "2026-01-01T00:00:00Z",
                "source": "google",
                "medium": "cpc",
                "account_id": "A1",
            }
        ],
        cdp__events=[
            {
                "user_id": "U1",
                "occurred_at": "2026-01-02T00:00:00Z",
                "source": "x",
                "medium": "email",
                "platform": "ios",
                "country": "DE",
            }
        ],
        cdp__identity_links=[link("L1", "U1", linked_at="2026-02-01T00:00:00Z")],
    )
    (person,) = company.identity.persons
    assert person.segment == ("paid_search", "DE", "business", "ios")


# --------------------------------------------------------------------------- leads, deals


def lead_rows(*merges: tuple[str, str | None, bool]) -> dict[str, dict[str, object]]:
    return {
        name: {"merged_into_lead_id": into, "is_deleted": deleted} for name, into, deleted in merges
    }


@pytest.mark.parametrize(
    ("merges", "expected"),
    [
        ([("A", "B", False), ("B", "C", False), ("C", None, False)], "CCC"),
        ([("A", "B", False), ("B", "C", False), ("C", None, True)], "BB-"),
        ([("A", "B", False), ("B", "C", True), ("C", None, False)], "CCC"),
        ([("A", "B", False), ("B", "A", False)], "AA"),
        ([("A", "B", True), ("B", "A", False)], "BB"),
        ([("A", "A", False)], "A"),
        ([("A", "Z", False)], "A"),
        ([("A", "B", False), ("B", "C", True), ("C", "B", True)], "A--"),
    ],
)
def test_oracle__a_merged_lead_counts_with_its_survivor(
    merges: list[tuple[str, str | None, bool]], expected: str
) -> None:
    found = survivors(lead_rows(*merges))
    assert [found[name] for name, _, _ in merges] == [
        None if letter == "-" else letter for letter in expected
    ]


def test_oracle__a_lead_qualifies_at_the_first_crossing_by_the_rule_of_the_day(
    make_company: MakeCompany,
) -> None:
    def score(lead: str, at: str, fit: str, intent: str) -> dict[str, str | None]:
        return {"lead_id": lead, "scored_at": at, "fit_score": fit, "intent_score": intent}

    company = make_company(
        crm__leads=[{"lead_id": name, "created_at": "2025-09-01"} for name in ("L1", "L2", "L3")],
        crm__lead_scores=[
            score("L1", "2025-09-30T15:59:59Z", "50", "40"),  # v1 still in force
            score("L2", "2025-09-30T16:00:00Z", "50", "40"),  # v2 asks for 50
            score("L2", "2025-10-02T00:00:00Z", "50", "50"),
        ],
        crm__lead_statuses=[
            {"lead_id": name, "status": "qualified", "changed_at": "2025-09-02T00:00:00Z"}
            for name in ("L2", "L3")
        ],
    )
    assert {name: lead.qualified_at for name, lead in company.leads.items()} == {
        "L1": datetime(2025, 9, 30, 15, 59, 59),
        "L2": datetime(2025, 10, 2),
        "L3": datetime(2025, 9, 2),
    }


def test_oracle__the_windows_last_day_is_in_and_immature_days_are_out(
    make_company: MakeCompany,
) -> None:
    leads = [
        {"lead_id": name, "created_at": f"{day}T00:00:00Z"}
        for name, day in (("L1", "2026-01-01"), ("L2", "2026-01-01"), ("L3", "2026-03-02"))
    ]
    statuses = [
        {"lead_id": name, "status": "qualified", "changed_at": at}
        for name, at in (
            ("L1", "2026-01-31T15:59:59Z"),  # day 30
            ("L2", "2026-01-31T16:00:00Z"),  # day 31
            ("L3", "2026-03-02T01:00:00Z"),
        )
    ]
    company = make_company(as_of="2026-03-31", crm__leads=leads, crm__lead_statuses=statuses)
    assert metric(company, "mql_rate", "month") == {(date(2026, 1, 1), None): 0.5}
    older = make_company(as_of="2026-04-01", crm__leads=leads, crm__lead_statuses=statuses)
    assert metric(older, "mql_rate", "month")[(date(2026, 3, 1), None)] == 1.0


def deal(make_company: MakeCompany, path: list[tuple[str, str]]) -> Company:
    return make_company(
        crm__opportunities=[{"opportunity_id": "O1", "amount": "12000"}],
        crm__opportunity_stages=[
            {"opportunity_id": "O1", "stage": stage, "entered_at": f"2026-{at}"}
            for stage, at in path
        ],
    )


def test_oracle__a_later_stage_implies_the_earlier_ones(make_company: MakeCompany) -> None:
    one = deal(make_company, [("won", "02-01"), ("proposal", "02-02"), ("won", "02-03")])
    opportunity = one.opportunities["O1"]
    assert opportunity.proposal_at == opportunity.negotiation_at == datetime(2026, 2, 1)
    assert opportunity.won_at == datetime(2026, 2, 3)


def test_oracle__after_a_reopening_the_last_close_counts(make_company: MakeCompany) -> None:
    lost = deal(make_company, [("won", "02-01"), ("proposal", "02-02"), ("lost", "02-03")])
    assert lost.opportunities["O1"].outcome == "lost"
    open_again = deal(make_company, [("lost", "02-01"), ("proposal", "02-02")])
    assert open_again.opportunities["O1"].outcome == "open"
    tie = deal(make_company, [("won", "02-01"), ("lost", "02-01"), ("negotiation", "02-01")])
    assert tie.opportunities["O1"].outcome == "won"
    assert metric(tie, "win_rate") == {(None, None): 1.0}


def test_oracle__a_deal_before_its_lead_counts_at_lag_zero_and_is_flagged(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        crm__leads=[{"lead_id": "L1", "created_at": "2026-02-01T00:00:00Z"}],
        crm__opportunities=[{"opportunity_id": "O1", "lead_id": "L1"}],
        crm__opportunity_stages=[
            {"opportunity_id": "O1", "stage": "won", "entered_at": "2026-01-15T00:00:00Z"}
        ],
    )
    assert metric(company, "lead_to_won_rate") == {(None, None): 1.0}
    assert set(company.flags) == {("lead", "L1", "deal_before_lead")}


# --------------------------------------------------------------------------- orders


def test_oracle__refunds_are_capped_at_the_goods_value_and_date_with_the_order(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        erp__orders=[
            {"order_id": "S1", "ordered_at": "2026-01-31T00:00:00Z", "discount_amount": "20"},
            {"order_id": "S2", "ordered_at": "2026-01-31T00:00:00Z"},
        ],
        erp__refunds=[
            {"refund_id": "R1", "order_id": "S1", "amount": "50", "refunded_at": "2026-02-01"},
            {"refund_id": "R2", "order_id": "S1", "amount": "50", "refunded_at": "2026-03-01"},
            {"refund_id": "R3", "order_id": "S2", "amount": "10", "refunded_at": "2027-01-01"},
        ],
    )
    january = (date(2026, 1, 1), None)
    assert metric(company, "gmv", "month") == {january: Decimal("180.00")}
    assert metric(company, "revenue", "month") == {january: Decimal("100.00")}
    assert ("order", "S1", "refund_above_order") in company.flags


def test_oracle__a_missing_rate_is_null_and_flagged_and_never_one(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        erp__orders=[
            {"order_id": name, "ordered_at": f"2026-01-0{name[1]}T00:00:00Z", "currency": "USD"}
            for name in ("S1", "S2")
        ],
        erp__currency_rates=[{"rate_date": "2026-01-01", "currency": "USD", "rate": "7.12345678"}],
    )
    assert metric(company, "gmv", "day") == {
        (date(2026, 1, 1), None): Decimal("712.35"),
        (date(2026, 1, 2), None): None,
    }
    assert metric(company, "orders")[(None, None)] == 2
    assert ("order", "S2", "missing_currency_rate") in company.flags


def test_oracle__goods_value_is_the_difference_of_two_rounded_amounts(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        erp__orders=[
            {
                "order_id": "S1",
                "ordered_at": "2026-01-01",
                "list_amount": "10.005",
                "discount_amount": "0.005",
            }
        ]
    )
    assert company.orders["S1"].gmv == Decimal("10.00")  # 10.01 - 0.01


def test_oracle__restocked_units_leave_the_cost_of_goods(make_company: MakeCompany) -> None:
    company = make_company(
        erp__orders=[{"order_id": name, "ordered_at": "2026-01-01"} for name in ("S1", "S2", "S3")],
        erp__order_lines=[
            {"order_line_id": "1", "order_id": "S1", "quantity": "3", "unit_cost": "10"},
            {"order_line_id": "2", "order_id": "S2", "quantity": "2", "product_id": "P1"},
            {"order_line_id": "3", "order_id": "S3", "product_id": "P1"},
            {"order_line_id": "4", "order_id": "S3", "product_id": "P-gone"},
        ],
        erp__products=[{"product_id": "P1", "unit_cost": "7.335"}],
        erp__refunds=[
            {
                "refund_id": f"R{number}",
                "order_id": order,
                "order_line_id": line,
                "amount": "1",
                "refunded_at": "2026-01-02",
                "quantity_returned": quantity,
                "is_restocked": restocked,
            }
            for number, (order, line, quantity, restocked) in enumerate(
                [("S1", None, "1", "true"), ("S1", "1", "1", "false"), ("S2", "2", "5", "true")]
            )
        ],
    )
    assert {name: order.cogs for name, order in company.orders.items()} == {
        "S1": Decimal("20.00"),
        "S2": Decimal("0.00"),
        "S3": None,
    }


def test_oracle__the_first_order_is_an_accounts_or_a_persons(make_company: MakeCompany) -> None:
    company = make_company(
        erp__orders=[
            {"order_id": name, "ordered_at": at, "user_id": user, "account_id": account}
            for name, at, user, account in (
                ("S2", "2026-01-01", "U1", None),
                ("S1", "2026-01-01", "U1", None),  # the same second: the smaller id is first
                ("S3", "2026-01-02", "U1", "A1"),
                ("S4", "2026-01-03", "U2", "A1"),
                ("S5", "2026-01-03", None, None),
            )
        ]
    )
    assert {name for name, order in company.orders.items() if order.is_first} == {"S1", "S3", "S5"}
    assert metric(company, "buyers") == {(None, None): 3}
    assert ("order", "S2", "identical_order") in company.flags


# --------------------------------------------------------------------------- activity


def active_on(*days: tuple[str, str]) -> list[dict[str, str | None]]:
    return [{"user_id": user, "occurred_at": f"2026-{day}T00:00:00Z"} for user, day in days]


def test_oracle__trailing_and_calendar_mau_of_the_worked_month(make_company: MakeCompany) -> None:
    company = make_company(
        as_of="2026-07-31",
        cdp__events=active_on(
            ("u1", "06-05"), ("u1", "07-10"), ("u2", "06-25"), ("u3", "07-01"), ("u4", "07-31")
        ),
    )
    mau = metric(company, "mau", "day")
    assert {day: mau[(date(2026, 7, day), None)] for day in (1, 4, 5, 10, 25, 31)} == {
        1: 3,
        4: 3,
        5: 2,
        10: 3,
        25: 2,
        31: 2,
    }
    assert metric(company, "mau_calendar", "month")[(date(2026, 7, 1), None)] == 3
    assert metric(company, "mau", "month")[(date(2026, 7, 1), None)] == 2
    assert metric(company, "dau", "month")[(date(2026, 7, 1), None)] == pytest.approx(3 / 31)


def test_oracle__an_incomplete_month_has_no_calendar_mau(make_company: MakeCompany) -> None:
    company = make_company(as_of="2026-07-30", cdp__events=active_on(("u1", "06-05")))
    assert metric(company, "mau_calendar", "month") == {(date(2026, 6, 1), None): 1}
    assert metric(company, "mau_calendar", "quarter") == {(date(2026, 4, 1), None): 1}


def test_oracle__stickiness_reads_days_with_full_history_only(make_company: MakeCompany) -> None:
    company = make_company(
        as_of="2026-01-31", cdp__events=active_on(("u1", "01-01"), ("u2", "01-30"))
    )
    # full history from 01-30 on; dau 1 + 0; mau 2 (01-01 is its 30th day) + 1
    assert metric(company, "stickiness") == {(None, None): pytest.approx(1 / 3)}
    assert metric(company, "stickiness", "day") == {
        (date(2026, 1, 30), None): 0.5,
        (date(2026, 1, 31), None): 0.0,
    }


@pytest.mark.parametrize(
    ("back", "kind"), [("01-30", "retained"), ("01-31", "retained"), ("02-01", "resurrected")]
)
def test_oracle__resurrection_needs_more_than_thirty_days_between(
    make_company: MakeCompany, back: str, kind: str
) -> None:
    company = make_company(as_of="2026-02-28", cdp__events=active_on(("u1", "01-01"), ("u1", back)))
    day = company.growth[date.fromisoformat(f"2026-{back}")]
    assert {name for name in ("new", "retained", "resurrected") if getattr(day, name)} == {kind}


def test_oracle__growth_accounting_closes_every_day(make_company: MakeCompany) -> None:
    company = make_company(
        as_of="2026-06-30",
        cdp__events=active_on(("u1", "01-01"), ("u1", "03-15"), ("u2", "02-01"), ("u2", "02-02")),
    )
    before = 0
    for day in company.spine:
        now, change = len(company.trailing[30][day]), company.growth[day]
        assert len(change.new) + len(change.retained) + len(change.resurrected) == now
        assert before - len(change.churned) + len(change.new) + len(change.resurrected) == now
        before = now


def test_oracle__day_three_retention_is_exactly_day_three(make_company: MakeCompany) -> None:
    company = make_company(
        as_of="2026-01-31",
        cdp__users=[
            {"user_id": user, "registered_at": f"2026-01-{day}T00:00:00Z"}
            for user, day in (("u1", "01"), ("u2", "01"), ("u3", "29"), ("u4", "02"))
        ],
        cdp__events=[
            *active_on(("u1", "01-04"), ("u2", "01-03"), ("u2", "01-05")),
            {
                "user_id": "u4",
                "occurred_at": "2026-01-05T00:00:00Z",
                "traffic_type": "bot",
            },
        ],
    )
    # u3 is immature, u4 is no person: its only event is a bot's
    assert metric(company, "retention_d3") == {(None, None): 0.5}
    assert metric(company, "retention_d3", "day") == {(date(2026, 1, 1), None): 0.5}
    assert metric(company, "dnu") == {(None, None): 3}


# --------------------------------------------------------------------------- touches


def test_oracle__a_session_ends_after_more_than_thirty_minutes(make_company: MakeCompany) -> None:
    company = make_company(
        cdp__events=[
            {"device_id": "d1", "occurred_at": f"2026-01-01T{at}Z"}
            for at in ("00:00:00", "00:30:00", "01:00:00.000001", "01:00:01")
        ]
    )
    assert [touch.touched_at.isoformat() for touch in company.touches] == [
        "2026-01-01T00:00:00",
        "2026-01-01T01:00:00.000001",
    ]


def attribution_model(reference: Reference, name: str) -> Model:
    return next(
        Model.read(row) for row in reference.attribution_models if row["attribution_model"] == name
    )


def test_oracle__the_worked_deal_decays_as_in_the_design(reference: Reference) -> None:
    ages = [timedelta(days=38 - day) for day in (0, 5, 12, 30, 38)]
    credit = shares(attribution_model(reference, "time_decay"), ages)
    assert [round(12000 * share, 1) for share in credit] == [175.2, 287.4, 574.9, 3417.0, 7545.4]


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        (1, [1]),
        (2, [0.5, 0.5]),
        (3, [0.4, 0.2, 0.4]),
        (5, [0.4, 0.2 / 3, 0.2 / 3, 0.2 / 3, 0.4]),
    ],
)
def test_oracle__position_splits_by_the_number_of_touches(
    reference: Reference, touches: int, expected: list[float]
) -> None:
    model = attribution_model(reference, "position_based")
    assert shares(model, [timedelta(0)] * touches) == pytest.approx(expected)
    middle_only = replace(model, first=0.0, middle=1.0, last=0.0)
    assert sum(shares(middle_only, [timedelta(0)] * touches)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("touched_at", "counts"),
    [
        ("2025-12-31T00:00:00Z", False),  # exactly 60 days before
        ("2025-12-31T00:00:00.000001Z", True),
        ("2025-12-30T23:59:59Z", False),
        ("2026-03-01T00:00:00Z", True),  # the instant of the order
        ("2026-03-01T00:00:00.000001Z", False),
    ],
)
def test_oracle__the_window_is_open_at_its_start_and_closed_at_its_end(
    make_company: MakeCompany, touched_at: str, counts: bool
) -> None:
    company = make_company(
        cdp__events=[
            {"user_id": "U1", "occurred_at": touched_at, "source": "x", "medium": "email"}
        ],
        erp__orders=[{"order_id": "S1", "ordered_at": "2026-03-01T00:00:00Z", "user_id": "U1"}],
    )
    channel = "email" if counts else "(unattributed)"
    assert metric(company, "attributed_conversions", "total", "channel") == {(None, channel): 1.0}


def test_oracle__direct_is_dropped_only_where_others_are_left(make_company: MakeCompany) -> None:
    def last_touch(*media: str | None) -> set[str]:
        company = make_company(
            cdp__events=[
                {
                    "user_id": "U1",
                    "occurred_at": f"2026-01-0{number}T00:00:00Z",
                    "source": None if medium is None else "x",
                    "medium": medium,
                }
                for number, medium in enumerate(media, start=1)
            ],
            erp__orders=[{"order_id": "S1", "ordered_at": "2026-02-01", "user_id": "U1"}],
        )
        values = metric(company, "attributed_conversions_last_touch", "total", "channel")
        return {str(member) for (_, member), credit in values.items() if credit}

    assert last_touch("email", None) == {"email"}
    assert last_touch(None, None) == {"direct"}
    assert last_touch() == {"(unattributed)"}


# --------------------------------------------------------------------------- metrics


def test_oracle__credits_of_every_model_add_up_to_the_conversions(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        cdp__events=active_on(("U1", "01-01"), ("U1", "01-02"), ("U1", "01-03")),
        erp__orders=[
            {"order_id": name, "ordered_at": "2026-01-04", "user_id": user, "list_amount": amount}
            for name, user, amount in (("S1", "U1", "100"), ("S2", "U1", "0"), ("S3", None, "50"))
        ],
    )
    for suffix in ("first_touch", "last_touch", "linear", "position_based", "time_decay"):
        credit = metric(company, f"attributed_conversions_{suffix}")[(None, None)]
        revenue = metric(company, f"attributed_revenue_{suffix}")[(None, None)]
        assert credit == pytest.approx(3)
        assert revenue == pytest.approx(150)


def test_oracle__spend_without_leads_and_leads_without_spend_have_no_cpl(
    make_company: MakeCompany,
) -> None:
    company = make_company(
        ads__daily_spend=[
            {"spend_date": "2026-01-01", "spend": "100", "clicks": "10"},
            {"spend_date": "2026-01-02", "spend": "50", "campaign_id": "C2"},
            {"spend_date": "2026-01-02", "spend": "-20", "campaign_id": "C3"},
        ],
        crm__leads=[
            {"lead_id": "L1", "created_at": "2026-01-01", "source": "google", "medium": "cpc"},
            {"lead_id": "L2", "created_at": "2026-01-03"},
        ],
    )
    assert metric(company, "cpl", "day") == {
        (date(2026, 1, 1), None): 100.0,
        (date(2026, 1, 2), None): None,
        (date(2026, 1, 3), None): None,
    }
    assert metric(company, "cpl") == {(None, None): 65.0}
    assert metric(company, "ad_spend") == {(None, None): Decimal("130.00")}
    assert metric(company, "click_to_lead_rate") == {(None, None): 0.1}


def test_oracle__a_week_starts_on_monday_and_may_lie_in_two_years() -> None:
    assert period_of(date(2027, 1, 3), "week") == date(2026, 12, 28)  # ISO week 53 of 2026
    assert period_of(date(2024, 2, 29), "quarter") == date(2024, 1, 1)


def test_oracle__a_company_without_rows_has_no_values(make_company: MakeCompany) -> None:
    company = make_company(as_of=None)
    for name in METRICS:
        assert metric(company, name, "month") == {}
