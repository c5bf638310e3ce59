"""Every metric is fully defined: words, owner, meta, type, and saved queries that respect them."""

import re
from collections import Counter
from typing import Any

import pytest

Metrics = dict[str, dict[str, Any]]

GRAINS = ["day", "week", "month", "quarter", "year"]
SUFFIXES = ["daily", "weekly", "monthly", "quarterly", "yearly"]
ALLOWED = {
    "tier": {"north_star", "L1", "L2", "L3"},
    "department": {"marketing", "sales", "product", "company", "governance"},
    "time_basis": {
        "spend_day",
        "lead_created",
        "lead_qualified",
        "spend_day_and_lead_created",
        "spend_day_and_lead_qualified",
        "spend_day_and_conversion",
        "conversion_day",
        "opportunity_created",
        "proposal_entered",
        "negotiation_entered",
        "stage_entered",
        "closed",
        "order_day",
        "registered",
        "activity_day",
        "calendar_month",
        "event_day",
        "flagged_day",
    },
    "additivity": {"sum", "last_of_period", "distinct", "ratio_of_sums", "average_day"},
    "unit": {"count", "persons", "days", "currency", "ratio"},
    "better": {"higher", "lower", "band"},
    "kind": {"result", "process"},
    "journey_stage": {
        "awareness",
        "interest",
        "lead",
        "opportunity",
        "purchase",
        "registration",
        "activity",
        "retention",
        "data",
    },
    "frequency": {"daily", "weekly", "monthly"},
}
TEXTS = ["pitfall", "formula"]
LISTS = ["grains", "dimensions", "aliases", "sources"]
FOUR_QUESTIONS = ["What counts", "What does not count", "How it misleads", "What it decides"]
OTHER_ROWS = ["Formula", "Easily confused with", "Dated by", "Native grain", "Frequency", "Sources"]
CHINESE = r"[\u4e00-\u9fff]"
TYPES = {"mqls": ["mql"], "won_deals": ["won_deal"], "first_orders": ["first_order"]}


def table(metric: dict[str, Any]) -> dict[str, str]:
    """The definition table in a metric's rendered description."""
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", metric["description"], flags=re.MULTILINE)
    return {question: answer.strip() for question, answer in rows}


def inputs(metric: dict[str, Any]) -> list[str]:
    """The metrics that a ratio or derived metric is made of."""
    params = metric["type_params"]
    sides = [params[side]["name"] for side in ("numerator", "denominator") if params.get(side)]
    return sides + [item["name"] for item in params.get("metrics") or []]


def test_every_label_is_english_and_chinese_and_unique(metrics: Metrics) -> None:
    labels = Counter(metric["label"] for metric in metrics.values())
    assert [label for label, times in labels.items() if times > 1] == []
    for name, metric in metrics.items():
        english, _, chinese = metric["label"].partition(", ")
        while not re.search(CHINESE, chinese.partition(", ")[0]) and ", " in chinese:
            more, _, chinese = chinese.partition(", ")
            english = f"{english}, {more}"
        assert re.fullmatch(r"[\x20-\x7e]{2,}", english), f"{name}: no English label"
        assert re.search(CHINESE, chinese), f"{name}: no Chinese label"


def test_every_description_answers_the_four_questions(metrics: Metrics) -> None:
    for name, metric in metrics.items():
        answers = table(metric)
        for question in FOUR_QUESTIONS + OTHER_ROWS:
            answer = answers.get(question, "")
            assert answer, f"{name}: its description does not say '{question}'"
            assert answer != "-", f"{name}: '{question}' is left out"
        assert re.search(CHINESE, metric["description"]), f"{name}: its Chinese name is missing"
        for alias in metric["config"]["meta"]["aliases"]:
            assert alias in metric["description"], (
                f"{name}: alias {alias} is not in its description"
            )


def test_no_two_metrics_give_the_same_answers(metrics: Metrics) -> None:
    """A copied text is a text that nobody wrote."""
    whole = Counter(
        tuple(table(metric)[question] for question in ("What counts", "How it misleads"))
        for metric in metrics.values()
    )
    assert [answer for answer, times in whole.items() if times > 1] == []


def test_every_description_and_config_agree(metrics: Metrics) -> None:
    for name, metric in metrics.items():
        answers, meta = table(metric), metric["config"]["meta"]
        assert answers["Formula"].replace("\\|", "|") == meta["formula"], name
        assert answers["Native grain"] == meta["grains"][0], name
        assert answers["Frequency"] == meta["frequency"], name
        if metric["type"] == "ratio":
            assert answers["Numerator"] == f"`{inputs(metric)[0]}`", name
            assert answers["Denominator"] == f"`{inputs(metric)[1]}`", name
        if metric["type"] == "derived" and meta["additivity"] != "distinct":
            assert answers["Denominator"].strip("`") in inputs(metric), name


def test_every_name_in_a_description_exists(metrics: Metrics, manifest_names: set[str]) -> None:
    """A reader who follows a name finds it."""
    for name, metric in metrics.items():
        for mentioned in re.findall(r"`([a-z][a-z0-9_]*)`", metric["description"]):
            assert mentioned in manifest_names, f"{name}: its description names {mentioned}"


@pytest.fixture
def manifest_names(layer: Any, metrics: Metrics) -> set[str]:
    """Names a description may quote: metrics, dimensions, variables, reasons and words."""
    variables = {
        str(row).lower()
        for row in re.findall(r"^  (\w+):", layer.project_file("dbt_project.yml"), re.MULTILINE)
    }
    dimensions = {
        name for metric in metrics.values() for name in metric["config"]["meta"]["dimensions"]
    }
    words = {"no_leads", "no_spend", "missing_rate"} | {"mql", "won_deal", "first_order", "order"}
    return set(metrics) | variables | dimensions | words


def test_every_metric_has_an_owner_group(layer: Any, metrics: Metrics) -> None:
    owners = {group["name"]: group["owner"] for group in layer.manifest["groups"].values()}
    for name, metric in metrics.items():
        group = metric["config"]["group"]
        assert owners.get(group, {}).get("email"), f"{name}: group {group} has no owner to ask"
        assert group == metric["config"]["meta"]["department"], name


def test_every_metric_carries_the_whole_meta(metrics: Metrics) -> None:
    for name, metric in metrics.items():
        meta = metric["config"]["meta"]
        for key, values in ALLOWED.items():
            assert meta.get(key) in values, f"{name}: {key} is {meta.get(key)!r}"
        for key in TEXTS:
            assert isinstance(meta.get(key), str), f"{name}: {key} is missing"
            assert meta[key] not in ("", "-"), f"{name}: {key} is empty"
        for key in LISTS:
            assert isinstance(meta.get(key), list), f"{name}: {key} is no list"
        assert meta["sources"], f"{name}: no source"
        assert meta["dimensions"], f"{name}: no dimension"
        window = meta["window_days"]
        assert window is None or (type(window) is int and window > 0), f"{name}: {window!r}"
        native = GRAINS.index(meta["grains"][0])
        assert meta["grains"] == GRAINS[native:], f"{name}: not every grain from its native one up"
        extra = set(meta) - {*ALLOWED, *TEXTS, *LISTS, "window_days"}
        assert not extra, f"{name}: unknown meta {extra}"


def test_additivity_agrees_with_the_type(metrics: Metrics) -> None:
    for name, metric in metrics.items():
        additivity, kind = metric["config"]["meta"]["additivity"], metric["type"]
        if kind == "simple":
            assert additivity in {"sum", "last_of_period", "distinct"}, name
        elif additivity == "distinct":
            part = inputs(metric)[0]
            assert metric["type_params"]["expr"] == f"nullif({part}, 0)", name
            assert metrics[part]["config"]["meta"]["additivity"] == "distinct", name
        else:
            assert additivity in {"ratio_of_sums", "average_day"}, name


def test_additivity_agrees_with_the_measure(layer: Any, metrics: Metrics) -> None:
    for name, metric in metrics.items():
        if metric["type"] != "simple":
            continue
        measure = layer.measures[metric["type_params"]["measure"]["name"]]
        if measure["agg"] == "count_distinct":
            expected = "distinct"
        elif measure.get("non_additive_dimension"):
            expected = "last_of_period"
        else:
            expected = "sum"
        assert metric["config"]["meta"]["additivity"] == expected, name


def test_no_metric_is_cumulative_or_a_conversion(metrics: Metrics) -> None:
    """Both join events to ranges of days; such shapes belong into a mart."""
    kinds = {name: metric["type"] for name, metric in metrics.items()}
    assert {
        name for name, kind in kinds.items() if kind not in {"simple", "ratio", "derived"}
    } == set()


def test_every_rate_has_its_numerator_and_denominator_at_hand(metrics: Metrics) -> None:
    for name, metric in metrics.items():
        if metric["type"] == "simple" or metric["config"]["meta"]["additivity"] == "distinct":
            continue
        parts = inputs(metric)
        assert len(set(parts)) == 2, f"{name}: made of {parts}"
        for part in parts:
            assert part in metrics, f"{name}: {part} is not published"
            assert metrics[part]["type"] == "simple" or metric["type"] == "derived", name


def test_a_derived_division_guards_its_denominator(metrics: Metrics) -> None:
    """MetricFlow guards a ratio against zero, not a derived metric."""
    for name, metric in metrics.items():
        expression = metric["type_params"].get("expr") or ""
        divisors = re.findall(r"/\s*(\w+)", expression)
        assert set(divisors) <= {"nullif"}, f"{name}: divides by {divisors}"


def test_every_cohort_rate_carries_its_mature_share(metrics: Metrics) -> None:
    cohort_bases = {"lead_created", "opportunity_created", "proposal_entered"}
    cohort_bases |= {"negotiation_entered", "registered"}
    rates = [
        name
        for name, metric in metrics.items()
        if metric["type"] == "ratio"
        and metric["config"]["meta"]["window_days"]
        and metric["config"]["meta"]["time_basis"] in cohort_bases
        and not name.endswith("_mature_share")
    ]
    assert rates, "no cohort rate found"
    for name in rates:
        share = metrics[f"{name}_mature_share"]
        assert inputs(share)[0] == inputs(metrics[name])[1], name
        assert (
            share["config"]["meta"]["window_days"] == metrics[name]["config"]["meta"]["window_days"]
        )


def test_every_filter_keeps_rows_of_another_day_out(layer: Any, metrics: Metrics) -> None:
    """A measure dated by a day that may be missing is only read with that day known."""
    optional = {
        "qualified_date": "lead__qualified_date",
        "proposal_date": "opportunity__proposal_date",
        "negotiation_date": "opportunity__negotiation_date",
        "closed_date": "opportunity__closed_date",
        "registered_date": "person__registered_date",
    }
    for name, metric in metrics.items():
        if metric["type"] != "simple":
            continue
        day = layer.measures[metric["type_params"]["measure"]["name"]]["agg_time_dimension"]
        if day in optional:
            filters = str(metric.get("filter"))
            assert f"'{optional[day]}'" in filters, f"{name}: {day} may be null"
            assert "is not null" in filters, f"{name}: {day} may be null"


def test_metrics_over_credit_fix_one_conversion_type_and_one_model(
    layer: Any, metrics: Metrics
) -> None:
    for name, metric in metrics.items():
        measure = (metric["type_params"].get("measure") or {}).get("name", "")
        if measure.startswith("attribution_"):
            filters = str(metric["filter"])
            fixed = re.findall(r"conversion_type'\) \}\} = '(\w+)'", filters)
            headline_type = "conversion__is_headline_type" in filters
            assert headline_type + len(fixed) == 1, f"{name}: needs exactly one type"
            assert fixed == TYPES.get(name.partition("_")[2], fixed), f"{name}: filters {fixed}"
            if measure == "attribution_revenue_sum":
                assert fixed == ["order"], f"{name}: money is of orders, or it is not revenue"
            model = re.search(r"attribution_model'\) \}\} = '(\w+)'", filters)
            headline = "conversion__is_headline_model" in filters
            assert headline != bool(model), f"{name}: needs exactly one model"
            assert model is None or name.endswith(model[1]), f"{name}: filters {model}"


def test_every_measure_is_prefixed_used_and_described(layer: Any, metrics: Metrics) -> None:
    used = {
        metric["type_params"]["measure"]["name"]
        for metric in metrics.values()
        if metric["type"] == "simple"
    }
    for name, measure in layer.measures.items():
        assert name.startswith(measure["semantic_model"] + "_"), name
        assert measure["description"], f"{name}: not described"
        assert name in used, f"{name}: no metric uses it"


def test_semantic_models_describe_every_part_and_read_marts_only(layer: Any) -> None:
    models = layer.manifest["nodes"]
    for semantic_model in layer.manifest["semantic_models"].values():
        name = semantic_model["name"]
        for kind in ("entities", "dimensions", "measures"):
            for part in semantic_model[kind]:
                assert part["description"], f"{name}.{part['name']} is not described"
        for parent in semantic_model["depends_on"]["nodes"]:
            assert models[parent]["path"].startswith("marts/"), f"{name} reads {parent}"


def test_saved_queries_respect_grains_dimensions_and_size(layer: Any, metrics: Metrics) -> None:
    labels = Counter(query["label"] for query in layer.saved_queries.values())
    assert max(labels.values()) == 1, "two saved queries share a label"
    for name, query in layer.saved_queries.items():
        params = query["query_params"]
        assert len(params["metrics"]) <= 10, f"{name}: more than ten metrics compile slowly"
        assert query["description"].startswith("One row per "), name
        assert query["config"]["group"], f"{name}: nobody owns it"
        assert re.search(CHINESE, query["label"]), name
        grains = re.findall(r"TimeDimension\('metric_time', '(\w+)'\)", str(params["group_by"]))
        assert len(grains) == 1, f"{name}: needs one grain"
        dimensions = re.findall(r"(?:Dimension|Entity)\('(\w+)'\)", str(params["group_by"]))
        for metric in params["metrics"]:
            meta = metrics[metric]["config"]["meta"]
            assert grains[0] in meta["grains"], f"{name}: {metric} by {grains[0]}"
            assert set(dimensions) <= set(meta["dimensions"]), f"{name}: {metric} by {dimensions}"


@pytest.mark.parametrize("area", ["marketing", "sales", "orders", "product", "governance"])
def test_every_area_has_a_saved_query_at_every_grain(
    layer: Any, metrics: Metrics, area: str
) -> None:
    """Its metrics answer at every grain but mau_calendar, which needs a month."""
    for grain, suffix in zip(GRAINS, SUFFIXES, strict=True):
        params = layer.saved_queries[f"{area}_{suffix}"]["query_params"]
        assert params["group_by"] == [f"TimeDimension('metric_time', '{grain}')"]
        year = layer.saved_queries[f"{area}_yearly"]["query_params"]["metrics"]
        expected = {name for name in year if grain in metrics[name]["config"]["meta"]["grains"]}
        assert set(params["metrics"]) == expected, f"{area}_{suffix}"


def test_every_grain_of_a_saved_query_asks_the_same_metrics(layer: Any, metrics: Metrics) -> None:
    families: dict[str, dict[str, list[str]]] = {}
    for name, query in layer.saved_queries.items():
        area, _, suffix = name.rpartition("_")
        if suffix in SUFFIXES:
            families.setdefault(area, {})[suffix] = query["query_params"]["metrics"]
    for area, asked in families.items():
        everything = {metric for listed in asked.values() for metric in listed}
        for suffix, listed in asked.items():
            grain = GRAINS[SUFFIXES.index(suffix)]
            missing = everything - set(listed)
            assert not any(
                grain in metrics[metric]["config"]["meta"]["grains"] for metric in missing
            ), f"{area}_{suffix} lacks {missing}"


def test_a_cohort_rate_is_never_shown_without_its_mature_share(
    layer: Any, metrics: Metrics
) -> None:
    for name, query in layer.saved_queries.items():
        shown = set(query["query_params"]["metrics"])
        missing = {
            metric
            for metric in shown
            if f"{metric}_mature_share" in metrics and f"{metric}_mature_share" not in shown
        }
        assert missing == set(), name


def test_one_time_axis_joins_marketing_sales_and_product(layer: Any, metrics: Metrics) -> None:
    on_axis = layer.saved_queries["company_timeline"]["query_params"]["metrics"]
    departments = {metrics[name]["config"]["meta"]["department"] for name in on_axis}
    assert {"marketing", "sales", "product"} <= departments


def test_every_catalogue_metric_is_shown_somewhere(layer: Any, metrics: Metrics) -> None:
    """A metric that no saved query exports cannot be read with SQL."""
    shown = {
        name for query in layer.saved_queries.values() for name in query["query_params"]["metrics"]
    }
    published = {name for name, metric in metrics.items() if "catalogue" in metric["tags"]}
    assert published - shown == set()


def test_every_support_metric_supports_something(metrics: Metrics) -> None:
    parts = {part for metric in metrics.values() for part in inputs(metric)}
    stand_alone = {"stage_entries", "funnel_leads", "lost_deals", "flagged_rows"}
    stand_alone |= {f"attributed_{conversions}" for conversions in TYPES}
    for name, metric in metrics.items():
        assert metric["tags"] in (["catalogue"], ["support"]), f"{name}: tags {metric['tags']}"
        if metric["tags"] == ["support"] and not name.endswith("_mature_share"):
            assert name in parts | stand_alone, f"{name} is in no rate"


def test_every_department_dashboard_has_an_owner_and_metrics(layer: Any, metrics: Metrics) -> None:
    exposures = layer.manifest["exposures"].values()
    departments: set[str] = set()
    for exposure in exposures:
        assert exposure["maturity"], exposure["name"]
        assert exposure["owner"]["email"], exposure["name"]
        assert len(exposure["description"]) > 80, f"{exposure['name']}: says too little"
        names = [node.rsplit(".", 1)[1] for node in exposure["depends_on"]["nodes"]]
        departments |= {metrics[name]["config"]["meta"]["department"] for name in names}
    assert departments == ALLOWED["department"]
