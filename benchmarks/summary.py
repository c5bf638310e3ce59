"""A run as people read it: tables in Markdown, and a picture."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Answers = dict[str, Any]

_MODELS_SHOWN = 15


def markdown(answers: Answers) -> str:
    """Write the tables of a run.

    Args:
        answers: What the steps of ``benchmarks`` reported, by step.

    Returns:
        Markdown; a step that did not run is left out.
    """
    run = answers["run"]
    parts = [
        f"### {run['events']:,} events, {run['date']}",
        f"{run['machine']}; CPU seconds of all threads.",
    ]
    floor = _floor(answers)
    if floor:
        parts.append(
            f"F, the floor: reading two columns of all events takes {floor:.2f} CPU seconds."
        )
    for step, write in (
        ("new_day", _new_day),
        ("latency", _latency),
        ("peers", _peers),
        ("metricflow", _metricflow),
        ("pathological", _pathological),
    ):
        if step in answers:
            parts.append(write(answers[step], floor))
    return "\n\n".join(parts) + "\n"


def picture(answers: Answers, file: Path) -> None:
    """Draw where the full build spends its time, and what the new day takes of it.

    Args:
        answers: What the steps of ``benchmarks`` reported; nothing is drawn without ``new_day``.
        file: Where the PNG goes.
    """
    if "new_day" not in answers:
        return
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    builds = answers["new_day"]
    names = list(_dearest(builds["full build"]["nodes"]))[::-1]
    figure, axes = pyplot.subplots(figsize=(9, 6), layout="constrained")
    height = 0.8 / len(builds)
    for place, (build, cost) in enumerate(builds.items()):
        axes.barh(
            [row - place * height for row in range(len(names))],
            [cost["nodes"].get(name, 0) for name in names],
            height,
            label=f"{build}: {cost['query']:.0f} s",
        )
    axes.set_yticks(
        [row - height for row in range(len(names))], [name.split(".")[-1] for name in names]
    )
    axes.set_xlabel("CPU seconds")
    axes.set_title(f"Where a build of {answers['run']['events']:,} events spends its time")
    axes.legend(loc="lower right")
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _floor(answers: Answers) -> float | None:
    if "peers" not in answers:
        return None
    return float(answers["peers"]["floor"]["outcomes"]["duckdb"]["cost"]["cpu"])


def _dearest(nodes: dict[str, float]) -> Iterable[str]:
    return sorted(nodes, key=lambda name: -nodes[name])[:_MODELS_SHOWN]


def _new_day(builds: Answers, floor: float | None) -> str:
    full = builds["full build"]
    rows = [
        (
            build,
            f"{cost['query']:.1f}",
            f"{cost['query'] / full['query']:.1%}",
            f"{cost['query'] / floor:.0f} F" if floor else "",
            f"{cost['overhead']:.1f}",
            f"{cost['wall']:.0f}",
            f"{cost['peak'] / 1024:.1f}",
        )
        for build, cost in builds.items()
    ]
    models = [
        (
            name.split(".")[-1],
            *(f"{cost['nodes'].get(name, 0):.1f}" for cost in builds.values()),
            f"{full['nodes'][name] / floor:.1f} F" if floor else "",
        )
        for name in _dearest(full["nodes"])
    ]
    return "\n\n".join(
        [
            _table(("build", "queries", "of full", "", "dbt beside", "wall s", "peak GiB"), rows),
            _table(("model", *builds, ""), models),
        ]
    )


def _latency(answers: Answers, _: float | None) -> str:
    rows = [
        (
            group["group"],
            str(group["count"]),
            *(f"{group[name] * 1000:.1f}" for name in ("p50", "p95", "max")),
            f"{group['goal'] * 1000:.0f}",
        )
        for group in answers["summary"]
    ]
    return _table(("answers, ms", "asked", "p50", "p95", "max", "goal for p95"), rows)


def _peers(answers: Answers, floor: float | None) -> str:
    engines = list(answers["comparisons"][0]["outcomes"])
    rows = []
    for compared in answers["comparisons"]:
        outcomes = [compared["outcomes"].get(engine) for engine in engines]
        ours = outcomes[engines.index("duckdb")]["cost"]
        rows.append(
            (
                compared["workload"],
                *(
                    f"{outcome['cost']['cpu']:.2f}" if outcome and outcome["cost"] else "–"
                    for outcome in outcomes
                ),
                f"{ours['cpu'] / floor:.1f} F" if floor and ours else "",
                f"{compared['goal']:g} F" if compared["goal"] else "",
            )
        )
    return _table(("workload", *engines, "ours", "goal"), rows)


def _metricflow(answers: Answers, _: float | None) -> str:
    rows = [
        (
            compared["question"],
            f"{compared['events']:,}",
            f"{compared['metricflow']['cpu']:.1f}",
            f"{compared['ours']['cpu']:.2f}",
            f"{compared['metricflow']['cpu'] / compared['ours']['cpu']:.0f} x",
        )
        for compared in answers["comparisons"]
    ]
    header = ("MetricFlow alone over events", "events it survives", "it", "ours", "ratio")
    return _table(header, rows)


def _pathological(answers: Answers, _: float | None) -> str:
    graphs = [
        (cost["graph"], f"{cost['alone']:.2f}", f"{cost['models']:.2f}")
        for cost in answers["graphs"]
    ]
    deliveries = [
        (
            cost["delivery"],
            f"{cost['cpu']:.1f}",
            f"{cost['ordinary']:.1f}",
            f"{cost['cpu'] / cost['ordinary']:.2f}",
        )
        for cost in answers["deliveries"]
    ]
    return "\n\n".join(
        [
            _table(("graph", "components", "models"), graphs),
            _table(("delivery", "models", "ordinary one", "ratio"), deliveries),
        ]
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *("--:" for _ in header[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
