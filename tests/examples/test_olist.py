"""Olist's real funnel through the project, against counts made from its files in plain Python."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support import BUILD, DbtBuild, build_example, query_metrics

AS_OF = date(2018, 11, 14)


@pytest.fixture(scope="module")
def olist(external_data: Path) -> DbtBuild:
    return build_example("olist", external_data / "olist", BUILD / "olist")


@pytest.fixture(scope="module")
def leads(external_data: Path) -> dict[str, tuple[str, date, date | None]]:
    """lead -> origin, first contact, won day; read from the files alone."""
    folder = external_data / "olist"
    with (folder / "olist_closed_deals_dataset.csv").open() as file:
        deals = list(csv.DictReader(file))
    won = {row["mql_id"]: date.fromisoformat(row["won_date"][:10]) for row in deals}
    with (folder / "olist_marketing_qualified_leads_dataset.csv").open() as file:
        return {
            row["mql_id"]: (
                row["origin"].replace(" ", "_") or "(blank)",
                date.fromisoformat(row["first_contact_date"]),
                won.get(row["mql_id"]),
            )
            for row in csv.DictReader(file)
        }


def test_totals__are_those_of_the_files(olist: DbtBuild) -> None:
    (row,) = query_metrics(olist, ["leads", "mqls", "won_deals", "mql_rate"], [])
    assert row == (8000, 8000, 842, 1.0)


def test_lead_to_won_rate_to_date__holds_for_every_origin(
    olist: DbtBuild, leads: dict[str, tuple[str, date, date | None]]
) -> None:
    all_leads = Counter(origin for origin, _, _ in leads.values())
    won = Counter(origin for origin, _, closed in leads.values() if closed)
    assert all_leads["organic_search"] == 2296
    assert won["(blank)"] == 14
    rows = query_metrics(olist, ["lead_to_won_rate_to_date"], ["lead__source"])
    assert {source: pytest.approx(rate) for source, rate in rows} == {
        origin: won[origin] / count for origin, count in all_leads.items()
    }


def test_blank_origins__stay_under_unknown(olist: DbtBuild) -> None:
    rows = dict(query_metrics(olist, ["leads"], ["channel"]))
    assert rows["unknown"] == 1099 + 60
    assert sum(rows.values()) == 8000


@pytest.mark.parametrize(("window", "expected"), [(90, (692, 8000)), (180, (725, 7494))])
def test_lead_to_won__within_window_on_mature_days(
    olist: DbtBuild,
    leads: dict[str, tuple[str, date, date | None]],
    window: int,
    expected: tuple[int, int],
) -> None:
    mature = [row for row in leads.values() if row[1] + timedelta(window) <= AS_OF]
    won = [row for row in mature if row[2] and row[2] <= row[1] + timedelta(window)]
    assert (len(won), len(mature)) == expected
    counted = olist.rows(
        f"select count(*) filter (where won_date - created_date <= {window}), count(*)"
        f" from marts.fct_leads where created_date + {window} <= date '{AS_OF}'"
    )
    assert counted == [expected]
    if window == 180:
        ((rate,),) = query_metrics(olist, ["lead_to_won_rate"], [])
        assert rate == pytest.approx(len(won) / len(mature), rel=1e-12)


def test_deal_before_contact__is_kept_and_flagged(
    olist: DbtBuild, leads: dict[str, tuple[str, date, date | None]]
) -> None:
    early = {lead for lead, (_, created, won) in leads.items() if won and won < created}
    assert len(early) == 1
    flagged = "select entity_id from marts.fct_flagged_rows where flag = 'deal_before_lead'"
    assert olist.rows(flagged) == [(lead,) for lead in early]
    (lead,) = early
    won_in_window = f"select reached_won_in_window from marts.fct_leads where lead_id = '{lead}'"
    assert olist.rows(won_in_window) == [(True,)]


def test_absent_systems__read_null(olist: DbtBuild) -> None:
    absent = ["ad_spend", "cpl", "gmv", "aov", "dau", "stickiness", "channel_roi", "retention_d1"]
    for metric in absent:
        rows = query_metrics(olist, [metric], [])
        assert all(value is None for (value,) in rows), (metric, rows)
