"""Every metric answers at every grain and by every dimension that it lists, and answers fit."""

import math
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

Metrics = dict[str, dict[str, Any]]
Number = int | float | Decimal

PERSON_FIXED = [
    "segment__first_channel",
    "segment__country",
    "segment__customer_type",
    "segment__home_platform",
]


def close(left: Number | None, right: Number | None) -> bool:
    """Equal, or equal as far as floats go."""
    if left is None or right is None:
        return left is None and right is None
    return math.isclose(float(left), float(right), rel_tol=1e-9, abs_tol=1e-9)


def parts(metric: dict[str, Any]) -> tuple[str, str]:
    """Numerator and denominator of a ratio."""
    params = metric["type_params"]
    return params["numerator"]["name"], params["denominator"]["name"]


def test_every_metric_answers_at_every_grain_it_lists(layer: Any, metrics: Metrics) -> None:
    last_day = layer.sql("select max(date_day) from marts.time_spine_daily").rows[0][0]
    first_day = layer.sql("select min(date_day) from marts.time_spine_daily").rows[0][0]
    for name, metric in metrics.items():
        for grain in metric["config"]["meta"]["grains"]:
            rows = layer.query([name], [f"metric_time__{grain}"]).rows
            assert rows, f"{name} by {grain}: no rows"
            assert len(rows) == len({row[0] for row in rows}), f"{name} by {grain}: periods repeat"
            for period, value in rows:
                assert period is not None, f"{name} by {grain}: a row without a day"
                assert period.date() <= last_day, f"{name} by {grain}: {period} lies ahead"
                if grain == "day":
                    assert period.date() >= first_day, f"{name}: {period} is before all data"
                assert value is None or math.isfinite(value), f"{name} {period}: {value}"
            if name != "flagged_rows":
                assert any(value is not None for _, value in rows), f"{name} by {grain}: all null"


def test_every_metric_answers_by_every_dimension_it_lists(layer: Any, metrics: Metrics) -> None:
    for name, metric in metrics.items():
        dimensions = metric["config"]["meta"]["dimensions"]
        answer = layer.query([name], dimensions)
        assert set(answer.columns) == {name, *dimensions}, name


def test_a_grain_finer_than_the_native_one_is_refused(layer: Any, metrics: Metrics) -> None:
    coarse = [name for name, m in metrics.items() if m["config"]["meta"]["grains"][0] != "day"]
    assert "mau_calendar" in coarse
    for name in coarse:
        with pytest.raises(Exception, match="metric_time"):
            layer.compile([name], ["metric_time__day"])


def test_metrics_queried_together_equal_each_alone(layer: Any) -> None:
    for name, query in layer.saved_queries.items():
        group_by = [spelled(item) for item in query["query_params"]["group_by"]]
        together = layer.query(query["query_params"]["metrics"], group_by)
        keys = [together.columns.index(column) for column in group_by]
        for metric in query["query_params"]["metrics"]:
            alone = layer.query([metric], group_by)
            value = together.columns.index(metric)
            order = [alone.columns.index(column) for column in group_by]
            expected = {tuple(row[i] for i in order): row[-1] for row in alone.rows}
            for row in together.rows:
                key = tuple(row[i] for i in keys)
                assert close(row[value], expected.pop(key, None)), f"{name}: {metric} at {key}"
            assert not any(value is not None for value in expected.values()), f"{name}: {metric}"


def spelled(item: str) -> str:
    """A saved query's group-by item as a query spells it."""
    names = item.split("'")[1::2]
    return "__".join(names)


def test_a_ratio_is_its_numerator_over_its_denominator(layer: Any, metrics: Metrics) -> None:
    """Of sums: so the total is not the mean of the slices."""
    for name, metric in metrics.items():
        if metric["type"] != "ratio":
            continue
        numerator, denominator = parts(metric)
        for grain in ("month", "year"):
            group_by = [f"metric_time__{grain}"]
            above = layer.query([numerator], group_by).by_key(numerator)
            below = layer.query([denominator], group_by).by_key(denominator)
            for key, value in layer.query([name], group_by).by_key(name).items():
                top, bottom = above.get(key), below.get(key)
                expected = None if top is None or not bottom else float(top) / float(bottom)
                assert close(value, expected), f"{name} at {key}: {value}, not {expected}"


def roll_up(
    days: dict[tuple[Any, ...], Number | None], period: Callable[[Any], tuple[int, ...]]
) -> dict[tuple[int, ...], list[tuple[Any, Number]]]:
    """Daily values per period, in order of days, without the missing ones."""
    periods: dict[tuple[int, ...], list[tuple[Any, Number]]] = defaultdict(list)
    for (day,), value in sorted(days.items()):
        if value is not None:
            periods[period(day)].append((day, value))
    return periods


PERIODS: dict[str, Callable[[Any], tuple[int, ...]]] = {
    "week": lambda day: tuple(day.isocalendar()[:2]),
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month + 2) // 3),
    "year": lambda day: (day.year,),
}


@pytest.mark.parametrize("grain", PERIODS)
def test_a_sum_of_days_is_the_period(layer: Any, metrics: Metrics, grain: str) -> None:
    for name, metric in metrics.items():
        if metric["config"]["meta"]["additivity"] != "sum":
            continue
        days = roll_up(layer.query([name], ["metric_time__day"]).by_key(name), PERIODS[grain])
        for (start,), value in layer.query([name], [f"metric_time__{grain}"]).by_key(name).items():
            found = [number for _, number in days.get(PERIODS[grain](start), [])]
            assert close(value, sum(found) if found else None), f"{name}, {grain} of {start}"


@pytest.mark.parametrize("grain", PERIODS)
def test_trailing_actives_read_the_last_day_of_the_period(layer: Any, grain: str) -> None:
    for name in ("wau", "mau"):
        days = roll_up(layer.query([name], ["metric_time__day"]).by_key(name), PERIODS[grain])
        periods = layer.query([name], [f"metric_time__{grain}"]).by_key(name)
        assert len(periods) == len(days)
        for (start,), value in periods.items():
            assert value == days[PERIODS[grain](start)][-1][1], f"{name}, {grain} of {start}"


@pytest.mark.parametrize("grain", PERIODS)
def test_dau_of_a_period_is_its_average_day(layer: Any, grain: str) -> None:
    days = roll_up(layer.query(["dau"], ["metric_time__day"]).by_key("dau"), PERIODS[grain])
    for (start,), value in layer.query(["dau"], [f"metric_time__{grain}"]).by_key("dau").items():
        numbers = [number for _, number in days[PERIODS[grain](start)]]
        assert close(value, float(sum(numbers)) / len(numbers)), f"{grain} of {start}"


@pytest.mark.parametrize("grain", ["quarter", "year"])
def test_mau_calendar_of_a_longer_period_is_its_last_complete_month(layer: Any, grain: str) -> None:
    name = "mau_calendar"
    months = roll_up(layer.query([name], ["metric_time__month"]).by_key(name), PERIODS[grain])
    for (start,), value in layer.query([name], [f"metric_time__{grain}"]).by_key(name).items():
        assert value == months[PERIODS[grain](start)][-1][1], f"{grain} of {start}"


def test_mau_calendar_is_active_users_of_the_month(layer: Any) -> None:
    """Two marts, counted in two ways."""
    months = layer.query(["mau_calendar"], ["metric_time__month"]).by_key("mau_calendar")
    actives = layer.query(["active_users"], ["metric_time__month"]).by_key("active_users")
    assert months
    assert {month: actives.get(month, 0) for month in months} == months


def test_dau_of_a_day_is_active_users_of_the_day(layer: Any) -> None:
    days = layer.query(["dau"], ["metric_time__day"]).by_key("dau")
    actives = layer.query(["active_users"], ["metric_time__day"]).by_key("active_users")
    assert {day: (actives.get(day) or 0) for day in days} == days


@pytest.mark.parametrize("dimension", PERSON_FIXED)
def test_person_fixed_slices_add_up_to_the_whole(layer: Any, dimension: str) -> None:
    """A person is in one slice, so even distinct counts and trailing actives add up."""
    for name in ("dau", "wau", "mau", "mau_calendar", "active_users", "buyers", "dnu"):
        time = ["metric_time__month"]
        whole = layer.query([name], time).by_key(name)
        slices: dict[Any, float] = defaultdict(float)
        answer = layer.query([name], [*time, dimension])
        when, value = answer.columns.index(time[0]), answer.columns.index(name)
        for row in answer.rows:
            slices[(row[when],)] += float(row[value] or 0)
        for month, total in whole.items():
            assert close(total or 0, slices[month]), f"{name} by {dimension} at {month}"


def test_stickiness_never_leaves_zero_to_one(layer: Any, metrics: Metrics) -> None:
    for grain in metrics["stickiness"]["config"]["meta"]["grains"]:
        for _, value in layer.query(["stickiness"], [f"metric_time__{grain}"]).rows:
            assert value is None or 0 <= value <= 1, f"{grain}: {value}"


def test_every_rate_of_a_part_stays_between_zero_and_one(layer: Any, metrics: Metrics) -> None:
    """Rates whose numerator is part of their denominator, by month and uncut."""
    outside = {"ctr", "click_to_lead_rate", "channel_roi", "channel_net_roi"}
    outside |= {name for name in metrics if name.startswith("channel_roi_")}
    rates = [name for name, m in metrics.items() if m["config"]["meta"]["unit"] == "ratio"]
    for name in set(rates) - outside:
        for _, value in layer.query([name], ["metric_time__month"]).rows:
            assert value is None or 0 <= value <= 1, f"{name}: {value}"


def test_an_immature_cohort_reads_null(layer: Any, metrics: Metrics) -> None:
    shares = [name for name in metrics if name.endswith("_mature_share")]
    assert shares
    for share in shares:
        rate = share.removesuffix("_mature_share")
        answer = layer.query([share, rate], ["metric_time__day"])
        mature, value = answer.columns.index(share), answer.columns.index(rate)
        immature = [row for row in answer.rows if row[mature] == 0]
        window = metrics[rate]["config"]["meta"]["window_days"]
        assert immature or window < 7, f"{rate}: no cohort is too young"
        assert all(row[value] is None for row in immature), f"{rate} of a cohort too young"
        assert any(row[value] is not None for row in answer.rows), f"{rate}: null everywhere"


def test_cost_per_lead_needs_both_spend_and_leads(layer: Any) -> None:
    answer = layer.query(["ad_spend", "leads", "cpl"], ["metric_time__day", "channel"])
    columns = [answer.columns.index(name) for name in ("ad_spend", "leads", "cpl")]
    rows = [tuple(row[i] for i in columns) for row in answer.rows]
    assert any(spend and not leads for spend, leads, _ in rows), "no spend without leads"
    assert any(leads and not spend for spend, leads, _ in rows), "no leads without spend"
    for spend, leads, cpl in rows:
        expected = float(spend) / leads if spend and leads else None
        assert close(cpl, expected), f"{spend} / {leads} is {cpl}"


def test_spend_without_a_lead_stays_in_the_total(layer: Any) -> None:
    by_channel = layer.query(["ad_spend", "leads", "cpl"], ["channel"])
    spend = by_channel.columns.index("ad_spend")
    total = layer.query(["ad_spend"]).rows[0][0]
    assert sum(row[spend] or 0 for row in by_channel.rows) == total


def test_credit_adds_up_to_the_same_total_under_every_model(layer: Any, metrics: Metrics) -> None:
    models = [name for name in metrics if name.startswith("attributed_conversions")]
    money = [name for name in metrics if name.startswith("attributed_revenue")]
    assert len(models) == len(money) == 6
    for names in (models, money):
        for row in layer.query(names, ["metric_time__month"]).rows:
            values = [value or 0 for value in row[1:]]
            assert all(close(value, values[0]) for value in values), f"{row[0]}: {values}"


@pytest.mark.parametrize(
    ("credited", "counted"),
    [
        ("attributed_mqls", "mqls"),
        ("attributed_won_deals", "won_deals"),
        ("attributed_first_orders", "new_customers"),
    ],
)
def test_credit_of_each_type_adds_up_to_what_converted(
    layer: Any, credited: str, counted: str
) -> None:
    conversions = layer.query([counted], ["metric_time__day"]).by_key(counted)
    credit = layer.query([credited], ["metric_time__day"]).by_key(credited)
    assert any(conversions.values())
    for day in conversions.keys() | credit.keys():
        assert close(credit.get(day) or 0, conversions.get(day) or 0), f"{credited} on {day}"


def test_attributed_revenue_adds_up_to_revenue(layer: Any) -> None:
    revenue = layer.query(["revenue"], ["metric_time__day"]).by_key("revenue")
    credited = layer.query(["attributed_revenue"], ["metric_time__day"])
    attributed = credited.by_key("attributed_revenue")
    assert revenue
    for day in revenue.keys() | attributed.keys():
        left, right = float(revenue.get(day) or 0), float(attributed.get(day) or 0)
        assert math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6), f"{day}: {left}, {right}"


def test_a_filter_on_a_joined_dimension_equals_its_slice(layer: Any, metrics: Metrics) -> None:
    """Also for the member that is missing: null neither vanishes nor spreads."""
    for name in ("leads", "orders", "mau", "buyers", "mql_rate", "cpl"):
        dimensions = metrics[name]["config"]["meta"]["dimensions"]
        joined = "segment__country" if "segment__country" in dimensions else "channel__is_paid"
        slices = layer.query([name], [joined]).by_key(name)
        assert slices
        for (member,), value in slices.items():
            test = "is null" if member is None else f"= '{member}'"
            column = f"{{{{ Dimension('{joined}') }}}}"
            filtered = layer.query([name], (), f"{column} {test}").rows[0][0]
            assert close(filtered, value), f"{name} where {joined} {test}"
