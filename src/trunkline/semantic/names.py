"""Find the name that was meant, and refuse in a sentence what a metric does not answer."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from trunkline.dictionary import listed_words
from trunkline.errors import RequestError

GRAINS = ("day", "week", "month", "quarter", "year")
METRIC_TIME = "metric_time"

_SQL_WORD = re.compile(
    r"all|and|any|array|as|asc|between|by|case|cast|date|day|desc|distinct|else|end|escape|exists"
    r"|false|from|hour|ilike|in|interval|is|isnull|like|minute|month|not|notnull|null|or|quarter"
    r"|second|select|similar|some|then|timestamp|to|true|week|when|year",
    re.IGNORECASE,
)
_QUOTED_OR_WORD = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\b[a-zA-Z_]\w*\b(?!\s*\()""")
_TEMPLATED_NAME = re.compile(
    r"""(?:Dimension|TimeDimension|Entity)\(\s*(['"])(?P<name>\w+)\1\s*(?:,\s*(['"])\w+\3)?"""
)


@dataclass(frozen=True)
class MetricRules:
    """What a metric's ``meta`` allows.

    Attributes:
        name: The metric.
        grains: Grains of time that it answers; empty if it does not say.
        dimensions: Dimensions that it may be cut by; None if it does not say.
        words: Its labels and aliases, which people type for it.
    """

    name: str
    grains: tuple[str, ...] = ()
    dimensions: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()

    @classmethod
    def from_meta(cls, name: str, meta: Mapping[str, Any], label: str = "") -> "MetricRules":
        """Read the rules from the metric's ``config.meta``.

        Args:
            name: The metric.
            meta: Its ``config.meta``.
            label: Its label.

        Returns:
            The rules.
        """
        dimensions = meta.get("dimensions")
        return cls(
            name=name,
            grains=tuple(meta.get("grains") or ()),
            dimensions=None if dimensions is None else tuple(dimensions),
            words=(
                *(part.strip() for part in label.split(",") if part.strip()),
                *(str(text) for key, text in meta.items() if key.startswith("label")),
                *listed_words(meta.get("aliases")),
            ),
        )

    def allows(self, group_by: str) -> bool:
        """Say whether the metric may be cut by a dimension.

        A listed entity (``channel``) allows its attributes (``channel__is_paid``); a listed plain
        name (``country``) allows it on whichever entity carries it.

        Args:
            group_by: Full name without a grain, such as ``order__country``.

        Returns:
            True if ``meta.dimensions`` lists it or is absent.
        """
        if self.dimensions is None:
            return True
        entities, _, element = group_by.rpartition("__")
        return bool({group_by, element, *entities.split("__")} & set(self.dimensions))


@dataclass(frozen=True)
class GroupByItems:
    """What MetricFlow can group a set of metrics by.

    Attributes:
        entities: Names of entities.
        categories: Names of categorical dimensions.
        times: Names of time dimensions, without a grain and without ``metric_time``.
        grain: Finest grain of ``metric_time``.
    """

    entities: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    grain: str = GRAINS[0]

    @property
    def names(self) -> frozenset[str]:
        """All names but ``metric_time``."""
        return self.entities | self.categories | self.times

    def __and__(self, other: "GroupByItems") -> "GroupByItems":
        """Keep what both have."""
        return GroupByItems(
            self.entities & other.entities,
            self.categories & other.categories,
            self.times & other.times,
            max(self.grain, other.grain, key=GRAINS.index),
        )


@dataclass(frozen=True)
class Resolver:
    """Turns what was typed into MetricFlow's names for a given set of metrics.

    Attributes:
        rules: Rules of the metrics in question.
        items: What can be grouped by, for each of these metrics.
    """

    rules: tuple[MetricRules, ...]
    items: Mapping[str, GroupByItems]
    common: GroupByItems = field(init=False)

    def __post_init__(self) -> None:
        """Intersect what the metrics have in common."""
        shared = [self.items[rule.name] for rule in self.rules]
        common = shared[0] if shared else GroupByItems()
        for items in shared[1:]:
            common = common & items
        object.__setattr__(self, "common", common)

    def offered(self) -> list[str]:
        """List the dimensions by which all the metrics may be cut.

        Returns:
            Sorted full names, without grains.
        """
        return sorted(
            name for name in self.common.names if all(rule.allows(name) for rule in self.rules)
        )

    def grains(self) -> list[str]:
        """List the grains that all the metrics answer.

        Returns:
            Grains, finest first.
        """
        return [
            grain
            for grain in GRAINS
            if all(grain in rule.grains for rule in self.rules if rule.grains)
        ]

    def group_by(self, typed: str) -> str:
        """Resolve one item of a group-by.

        Args:
            typed: ``metric_time``, ``metric_time__month``, ``channel``, ``country`` ...

        Returns:
            The name that MetricFlow knows, with a grain if it is a time.

        Raises:
            RequestError: If nothing fits, more than one thing fits, or a metric refuses it.
        """
        wanted = typed.strip().lower()
        stem, _, suffix = wanted.rpartition("__")
        if wanted == METRIC_TIME:
            return self._timed(METRIC_TIME, None)
        if stem == METRIC_TIME:
            return self._timed(METRIC_TIME, suffix)
        if stem and suffix in GRAINS and self._matches(stem, self.common.times):
            return self._timed(self._dimension(stem), suffix)
        name = self._dimension(wanted)
        return self._timed(name, None) if name in self.common.times else name

    def where(self, condition: str) -> str:
        """Turn a plain condition into MetricFlow's template and check the names in it.

        Args:
            condition: ``country = 'CN'`` or ``{{ Dimension('order__country') }} = 'CN'``.

        Returns:
            The templated condition.

        Raises:
            RequestError: If a name is unknown or a metric may not be cut by it.
        """
        if "{{" in condition:
            for match in _TEMPLATED_NAME.finditer(condition):
                if match["name"] != METRIC_TIME:
                    self._dimension(match["name"])
            return condition
        return _QUOTED_OR_WORD.sub(lambda match: self._templated(match[0]), condition)

    def order_by(self, typed: str, group_by: Sequence[str]) -> str:
        """Resolve one item of an order-by.

        Args:
            typed: A metric or group-by item of the query, with ``-`` in front for descending.
            group_by: Resolved group-by items of the query.

        Returns:
            The name that MetricFlow knows, with its sign.

        Raises:
            RequestError: If the query returns no such column.
        """
        sign, wanted = ("-", typed[1:]) if typed.startswith("-") else ("", typed)
        wanted = wanted.strip().lower()
        columns = [rule.name for rule in self.rules] + list(group_by)
        fitting = [name for name in columns if name == wanted] or [
            name for name in group_by if wanted in (_without_grain(name), *_short_names(name))
        ]
        if not fitting:
            raise RequestError(
                f"The result has no column {wanted!r} to order by; it has {listed(columns)}."
            )
        return sign + fitting[0]

    def _templated(self, token: str) -> str:
        if token[0] in "'\"" or _SQL_WORD.fullmatch(token):
            return token
        name = self.group_by(token) if METRIC_TIME in token.lower() else self._where_name(token)
        stem, _, suffix = name.rpartition("__")
        if stem and suffix in GRAINS:
            return f"{{{{ TimeDimension('{stem}', '{suffix}') }}}}"
        kind = "Entity" if name in self.common.entities else "Dimension"
        return f"{{{{ {kind}('{name}') }}}}"

    def _where_name(self, token: str) -> str:
        stem, _, suffix = token.lower().rpartition("__")
        if stem and suffix in GRAINS and self._matches(stem, self.common.times):
            return f"{self._dimension(stem)}__{suffix}"
        name = self._dimension(token.lower())
        return f"{name}__day" if name in self.common.times else name

    def _timed(self, name: str, grain: str | None) -> str:
        allowed = self.grains()
        if grain is None:
            if not allowed:
                raise RequestError(
                    f"{listed(rule.name for rule in self.rules)} have no grain in common: "
                    + "; ".join(
                        f"{rule.name} answers by {listed(rule.grains)}" for rule in self.rules
                    )
                    + "."
                )
            return f"{name}__{allowed[0]}"
        for rule in self.rules:
            if rule.grains and grain not in rule.grains:
                raise RequestError(
                    f"{rule.name} does not answer by {grain}; it answers by {listed(rule.grains)}."
                    + _hint(nearest(grain, rule.grains))
                )
        if grain not in GRAINS:
            raise RequestError(f"There is no grain {grain!r}; the grains are {listed(GRAINS)}.")
        return f"{name}__{grain}"

    @staticmethod
    def _matches(wanted: str, names: Collection[str]) -> list[str]:
        if wanted in names:
            return [wanted]
        return sorted(name for name in names if wanted in _short_names(name))

    def _dimension(self, wanted: str) -> str:
        fitting = self._matches(wanted, self.common.names)
        allowed = [name for name in fitting if all(rule.allows(name) for rule in self.rules)]
        if len(allowed) > 1:
            named = [
                name
                for name in allowed
                if all(
                    name in rule.dimensions for rule in self.rules if rule.dimensions is not None
                )
            ]
            allowed = named if len(named) == 1 else allowed
        if len(allowed) == 1:
            return allowed[0]
        if allowed:
            raise RequestError(f"{wanted!r} can mean {listed(allowed, 'or')}; write one of them.")
        raise RequestError(self._refusal(wanted))

    def _refusal(self, wanted: str) -> str:
        known = {name for items in self.items.values() for name in items.names}
        offered = self.offered()
        if not self._matches(wanted, known):
            return (
                f"There is no dimension {wanted!r} for {listed(rule.name for rule in self.rules)}."
                + _hint(
                    nearest(wanted, [*offered, *(f"{METRIC_TIME}__{g}" for g in self.grains())])
                )
                + _offer(offered)
            )
        refusing = [
            rule.name
            for rule in self.rules
            if not any(
                rule.allows(name) for name in self._matches(wanted, self.items[rule.name].names)
            )
        ]
        return f"{listed(refusing)} cannot be cut by {wanted!r}." + _offer(offered)


def check_metrics(wanted: Iterable[str], known: Mapping[str, MetricRules]) -> tuple[str, ...]:
    """Check names of metrics.

    Args:
        wanted: What was typed.
        known: All metrics.

    Returns:
        The names, trimmed and lower-cased.

    Raises:
        RequestError: If one is unknown, with those that go by this word or the nearest ones, or if
            one is named twice.
    """
    names: list[str] = []
    for typed in wanted:
        name = typed.strip().lower()
        if name not in known:
            meant = _meant(typed.strip().casefold(), known.values())
            raise RequestError(f"There is no metric {typed!r}." + _hint(meant))
        if name in names:
            raise RequestError(f"The metric {name} is named twice; name each metric once.")
        names.append(name)
    return tuple(names)


def _meant(wanted: str, rules: Collection[MetricRules], count: int = 3) -> list[str]:
    """List the metrics that go by a word, else those of a like name or with the word in a label."""
    words = {rule.name: [word.casefold() for word in rule.words] for rule in rules}
    exact = sorted(name for name, known in words.items() if wanted in known)
    near = nearest(wanted, words)
    holding = sorted(name for name, known in words.items() if any(wanted in word for word in known))
    return list(dict.fromkeys(exact or near + holding))[:count]


def check_name(wanted: str, known: Collection[str], kind: str) -> str:
    """Check one name against those that exist.

    Args:
        wanted: What was typed.
        known: What exists.
        kind: What the name stands for, in a word.

    Returns:
        The name, trimmed and lower-cased.

    Raises:
        RequestError: If it is unknown; it names the nearest ones.
    """
    name = wanted.strip().lower()
    if name not in known:
        raise RequestError(f"There is no {kind} {wanted!r}." + _hint(nearest(name, known)))
    return name


def nearest(wanted: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Rank names by their likeness to what was typed.

    Args:
        wanted: What was typed.
        known: Names to choose from.
        count: How many to return at most.

    Returns:
        The nearest names, best first; names that resemble it in nothing are left out.
    """

    def likeness(name: str) -> float:
        parts = (name, *_short_names(name))
        ratio = max(SequenceMatcher(None, wanted, part).ratio() for part in parts)
        return ratio + (0.3 if len(wanted) > 2 and (wanted in name or name in wanted) else 0.0)

    scored = sorted((-likeness(name), name) for name in set(known))
    return [name for score, name in scored if score <= -0.5][:count]


def listed(names: Iterable[str], word: str = "and") -> str:
    """Join names as a sentence does.

    Args:
        names: The names.
        word: The word before the last one.

    Returns:
        ``a``, ``a and b`` or ``a, b and c``.
    """
    words = list(names)
    return f" {word} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _hint(names: Sequence[str]) -> str:
    return f" Did you mean {listed(names, 'or')}?" if names else ""


def _offer(names: Sequence[str]) -> str:
    return f" It can be cut by {listed(names)}." if names else " It cannot be cut by any dimension."


def _without_grain(name: str) -> str:
    stem, _, suffix = name.rpartition("__")
    return stem if stem and suffix in GRAINS else name


def _short_names(name: str) -> tuple[str, ...]:
    """Give what a person may type for ``order__country``: its last part."""
    _, _, element = _without_grain(name).rpartition("__")
    return (element,)
