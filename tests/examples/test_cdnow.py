"""CDNOW's real purchase log through the project, against plain Python over the file."""

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support import BUILD, PROJECT, DbtBuild, build_example, query_metrics
from trunkline.cli import app

Purchase = tuple[str, str, int, Decimal]


@pytest.fixture(scope="module")
def cdnow(external_data: Path) -> DbtBuild:
    return build_example("cdnow", external_data / "cdnow", BUILD / "cdnow")


@pytest.fixture(scope="module")
def purchases(external_data: Path) -> list[Purchase]:
    lines = (external_data / "cdnow" / "CDNOW_master.txt").read_text().splitlines()[1:]
    fields = [line.split() for line in lines if line.strip()]
    return [(row[0], row[1], int(row[2]), Decimal(row[3])) for row in fields]


def test_totals__are_those_of_the_file(cdnow: DbtBuild, purchases: list[Purchase]) -> None:
    (row,) = query_metrics(cdnow, ["gmv", "orders", "buyers", "new_customers"], [])
    assert row == (Decimal("2500315.63"), 69659, 23570, 23570)
    assert row[0] == sum(amount for *_, amount in purchases)


def test_months__add_up_and_agree_with_the_file(cdnow: DbtBuild, purchases: list[Purchase]) -> None:
    gmv: dict[str, Decimal] = defaultdict(Decimal)
    buyers: dict[str, set[str]] = defaultdict(set)
    for customer, day, _, amount in purchases:
        gmv[day[:6]] += amount
        buyers[day[:6]].add(customer)
    rows = query_metrics(cdnow, ["gmv", "buyers"], ["metric_time__month"])
    assert len(rows) == 18
    assert {f"{month:%Y%m}": (value, count) for month, value, count in rows} == {
        month: (gmv[month], len(buyers[month])) for month in gmv
    }


def test_new_customers__are_the_first_purchase_cohorts(cdnow: DbtBuild) -> None:
    rows = query_metrics(cdnow, ["new_customers"], ["metric_time__month"])
    assert [count for _, count in rows if count] == [7846, 8476, 7248]


def test_copies_and_free_purchases__are_visible(cdnow: DbtBuild, purchases: list[Purchase]) -> None:
    copies = sum(count - 1 for count in Counter(purchases).values())
    free = sum(amount == 0 for *_, amount in purchases)
    assert (copies, free) == (255, 80)
    flags = dict(cdnow.rows("select flag, count(*) from marts.fct_flagged_rows group by flag"))
    assert flags["identical_order"] == copies
    assert flags["free_order"] == free
    assert flags["unknown_cost"] == len(purchases)


def test_headline__speaks_of_the_last_month_of_1998(
    cdnow: DbtBuild, purchases: list[Purchase]
) -> None:
    places = ["--project-dir", str(PROJECT), "--target-path", str(cdnow.target)]
    places += ["--database", str(cdnow.database)]
    result = CliRunner().invoke(app, [*places, "headline"])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line}
    june = sum(amount for _, day, _, amount in purchases if day.startswith("199806"))
    assert lines["metric"] == ["1998-05", "1998-06", "change"]
    assert lines["gmv"][1] == f"{june:,.0f}"
    assert lines["dau"] == ["–", "–", "–"]
