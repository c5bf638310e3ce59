"""Conversions and credits (docs/semantics.md, section 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .activity import Touch
from .raw import RawRow

UNATTRIBUTED = "(unattributed)"


@dataclass(frozen=True)
class Model:
    """One row of attribution_models.csv."""

    name: str
    kind: str
    first: float
    middle: float
    last: float
    half_life_days: float | None
    window: timedelta
    drops_direct: bool

    @classmethod
    def read(cls, row: RawRow) -> Model:
        return cls(
            name=row["attribution_model"] or "",
            kind=row["kind"] or "",
            first=float(row["first_weight"] or 0),
            middle=float(row["middle_weight"] or 0),
            last=float(row["last_weight"] or 0),
            half_life_days=float(row["half_life_days"]) if row["half_life_days"] else None,
            window=timedelta(days=int(row["window_days"] or "")),
            drops_direct=row["direct_policy"] == "exclude_unless_only",
        )


@dataclass(frozen=True)
class Conversion:
    """What is to be credited."""

    kind: str
    conversion_id: str
    converted_at: datetime
    day: date
    person: int | None
    value: float | None


@dataclass(frozen=True)
class Credit:
    """The share of one touch in one conversion under one model."""

    conversion: Conversion
    model: str
    touch: Touch | None
    channel: str
    campaign: str
    credit: float

    @property
    def revenue(self) -> float | None:
        value = self.conversion.value
        return None if value is None else self.credit * value


def shares(model: Model, ages: list[timedelta]) -> list[float]:
    """The credit of each touch, in the order of the touches; `ages` run the same way."""
    count = len(ages)
    if model.kind == "linear":
        return [1 / count] * count
    if model.kind == "time_decay":
        assert model.half_life_days is not None
        half_life = timedelta(days=model.half_life_days)
        youngest = min(ages)  # keeps the powers away from zero; it cancels out
        weights = [2.0 ** (-((age - youngest) / half_life)) for age in ages]
        return [weight / sum(weights) for weight in weights]
    if model.kind != "position":
        raise ValueError(f"attribution_models: unknown kind {model.kind!r}")
    if count == 1:
        return [1.0]
    if count == 2:
        both = model.first + model.last
        return [model.first / both, model.last / both] if both else [0.5, 0.5]
    middle = model.middle / (count - 2)
    return [model.first, *([middle] * (count - 2)), model.last]


def credits(
    conversions: Iterable[Conversion], touches: Iterable[Touch], models: Iterable[Model]
) -> list[Credit]:
    """Credits of every conversion under every model."""
    by_person: defaultdict[int, list[Touch]] = defaultdict(list)
    for touch in sorted(touches, key=lambda touch: touch.order):
        if touch.person is not None:
            by_person[touch.person].append(touch)
    found = []
    models = list(models)
    for conversion in conversions:
        own = by_person.get(conversion.person, []) if conversion.person is not None else []
        for model in models:
            eligible = [
                touch
                for touch in own
                if conversion.converted_at - model.window
                < touch.touched_at
                <= conversion.converted_at
            ]
            if model.drops_direct:
                others = [touch for touch in eligible if touch.channel != "direct"]
                eligible = others or eligible
            if not eligible:
                found.append(Credit(conversion, model.name, None, UNATTRIBUTED, UNATTRIBUTED, 1.0))
                continue
            ages = [conversion.converted_at - touch.touched_at for touch in eligible]
            for touch, share in zip(eligible, shares(model, ages), strict=True):
                found.append(
                    Credit(conversion, model.name, touch, touch.channel, touch.campaign, share)
                )
    return found
