"""The benchmark of answers asks what it says it asks; how fast they come fails nothing."""

import pytest

from benchmarks.latency import DISTINCT, GOALS, MART, ORDINARY, measure_warehouse
from tests.support import PROJECT, DbtBuild
from trunkline.paths import ProjectPaths

METRICS = ("active_users", "dau", "gmv", "mau_calendar", "lead_to_won_rate")
EXPORTS = ("rpt_company_yearly", "rpt_marketing_channel_monthly")


@pytest.fixture(scope="module")
def measured(built_database: DbtBuild):
    paths = ProjectPaths(PROJECT, built_database.target, built_database.database)
    return measure_warehouse(paths, METRICS, EXPORTS)


def asked(measured, name):
    return [timing["question"] for timing in measured["timings"] if timing["name"] == name]


def test_every_question_is_answered(measured) -> None:
    assert measured["failures"] == []
    assert {timing["name"] for timing in measured["timings"]} == {*METRICS, *EXPORTS}


def test_a_metric_is_asked_once_by_day_and_once_by_month(measured) -> None:
    assert asked(measured, "gmv") == ["by day, 90 days", "by month and order__sales_channel"]


def test_a_grain_that_a_metric_refuses_is_not_asked(measured) -> None:
    questions = asked(measured, "mau_calendar")
    assert len(questions) == 1
    assert questions[0].startswith("by month")


def test_an_answer_costs_something_and_has_rows(measured) -> None:
    for timing in measured["timings"]:
        assert timing["rows"] > 0, timing
        assert timing["run"] > 0, timing
        assert timing["first"] > 0, timing
        assert (timing["compile"] > 0) == (timing["group"] != MART), timing


def test_each_group_is_held_against_its_goal(measured) -> None:
    groups = {line["group"]: line for line in measured["summary"]}
    assert {name: line["goal"] for name, line in groups.items()} == GOALS
    assert groups[DISTINCT]["count"] == len(asked(measured, "active_users"))
    for line in groups.values():
        assert 0 < line["p50"] <= line["p95"] <= line["max"]
    assert sum(line["count"] for line in groups.values()) == len(measured["timings"])
    assert groups[ORDINARY]["count"] > groups[MART]["count"]


def test_the_slowest_are_listed_by_name(measured) -> None:
    names = [timing["name"] for timing in measured["slowest"]]
    assert len(names) == len(set(names)) > 0
    costs = [timing["compile"] + timing["run"] for timing in measured["slowest"]]
    assert costs == sorted(costs, reverse=True)
