"""Names are found where only one thing can be meant, and refused in a sentence otherwise."""

import pytest

from trunkline.errors import RequestError
from trunkline.semantic.names import GroupByItems, MetricRules, Resolver, listed, nearest

LEADS = GroupByItems(
    entities=frozenset({"channel", "lead"}),
    categories=frozenset({"channel__is_paid", "lead__country", "segment__country"}),
    times=frozenset({"lead__created_date"}),
)
SPEND = GroupByItems(
    entities=frozenset({"channel"}), categories=frozenset({"channel__is_paid"}), times=frozenset()
)
RULES = {
    "leads": MetricRules("leads", ("day", "week", "month"), ("channel", "lead__country")),
    "spend": MetricRules("spend", ("month", "quarter"), ("channel",)),
    "growth": MetricRules("growth", ("quarter",), ("channel",)),
    "free": MetricRules("free"),
}
ITEMS = {"leads": LEADS, "spend": SPEND, "growth": SPEND, "free": LEADS}


def resolver(*metrics: str) -> Resolver:
    return Resolver(
        rules=tuple(RULES[name] for name in metrics), items={name: ITEMS[name] for name in metrics}
    )


@pytest.mark.parametrize(
    ("metrics", "typed", "expected"),
    [
        (["leads"], "metric_time__week", "metric_time__week"),
        (["leads"], "metric_time", "metric_time__day"),
        (["leads", "spend"], "metric_time", "metric_time__month"),
        (["leads"], "channel", "channel"),
        (["leads"], " Channel ", "channel"),
        (["leads"], "is_paid", "channel__is_paid"),
        (["leads"], "country", "lead__country"),
        (["free"], "segment__country", "segment__country"),
        (["free"], "created_date__month", "lead__created_date__month"),
        (["free"], "created_date", "lead__created_date__day"),
    ],
)
def test_group_by_finds_the_one_name_that_fits(
    metrics: list[str], typed: str, expected: str
) -> None:
    assert resolver(*metrics).group_by(typed) == expected


@pytest.mark.parametrize(
    ("metrics", "typed", "sentence"),
    [
        (["spend"], "metric_time__day", "spend does not answer by day; .* month and quarter"),
        (["leads", "spend"], "metric_time__week", "spend does not answer by week"),
        (["leads", "growth"], "metric_time", "no grain in common: leads answers by day, week"),
        (["leads"], "metric_time__mont", "does not answer by mont; .* Did you mean month"),
        (["leads"], "channol", "no dimension 'channol' for leads. Did you mean channel"),
        (["leads"], "segment__country", "leads cannot be cut by 'segment__country'"),
        (["leads", "spend"], "country", "spend cannot be cut by 'country'. It can be cut by chann"),
        (["free"], "country", "'country' can mean lead__country or segment__country"),
    ],
)
def test_group_by_refuses_in_a_sentence(metrics: list[str], typed: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        resolver(*metrics).group_by(typed)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("country = 'CN'", "{{ Dimension('lead__country') }} = 'CN'"),
        ("channel in ('country', 'x')", "{{ Entity('channel') }} in ('country', 'x')"),
        ("is_paid and not is_paid", "{{ Dimension('channel__is_paid') }} and not "
         "{{ Dimension('channel__is_paid') }}"),
        ("lower(channel) = 'a''b'", "lower({{ Entity('channel') }}) = 'a''b'"),
        ("metric_time__month >= date '2026-01-01'",
         "{{ TimeDimension('metric_time', 'month') }} >= date '2026-01-01'"),
        ("{{ Dimension('lead__country') }} = 'CN'", "{{ Dimension('lead__country') }} = 'CN'"),
    ],
)  # fmt: skip
def test_plain_conditions_become_templates(condition: str, expected: str) -> None:
    assert resolver("leads").where(condition) == expected


@pytest.mark.parametrize(
    "condition", ["countrie = 'CN'", "{{ Dimension('segment__country') }} = 'CN'", "owner is null"]
)
def test_conditions_on_what_a_metric_lacks_are_refused(condition: str) -> None:
    with pytest.raises(RequestError, match=r"cannot be cut by|no dimension"):
        resolver("leads").where(condition)


def test_order_by_takes_columns_of_the_result_only() -> None:
    names = resolver("leads")
    assert names.order_by("-metric_time", ["metric_time__month"]) == "-metric_time__month"
    assert names.order_by("country", ["lead__country"]) == "lead__country"
    assert names.order_by("-leads", []) == "-leads"
    with pytest.raises(RequestError, match="no column 'channel' to order by; it has leads"):
        names.order_by("channel", [])


def test_nearest_ranks_by_likeness_and_leaves_strangers_out() -> None:
    assert nearest("gmx", ["gmv", "gross_profit", "leads"])[0] == "gmv"
    assert nearest("zzz", ["gmv", "leads"]) == []
    assert nearest("profit", ["gross_profit", "gmv"]) == ["gross_profit"]


def test_lists_read_like_sentences() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"], "or")] == ["", "a", "a, b or c"]
