"""Answers of different engines in one form, so that they can be compared."""

import hashlib
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

Rows = list[list[Any]]
_EPOCH = date(1970, 1, 1)


def canonical(table: pa.Table) -> Rows:
    """Order the rows and give every value its plain form: days are numbers, counts whole."""
    columns = [column.to_pylist() for column in table.columns]
    return sorted(
        ([_plain(value) for value in row] for row in zip(*columns, strict=True)),
        key=lambda row: [str(value) for value in row if not isinstance(value, float)],
    )


def agree(left: Rows, right: Rows) -> bool:
    """Tell whether two answers are one: counts equal, sums of fractions within 1e-9."""
    return len(left) == len(right) and all(
        len(one) == len(other) and all(map(_equal, one, other))
        for one, other in zip(left, right, strict=True)
    )


def checksum(rows: Rows) -> str:
    """A short name of an answer; fractions to three places."""
    text = repr(
        [[round(value, 3) if isinstance(value, float) else value for value in row] for row in rows]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def majority(answers: Sequence[Rows]) -> Rows:
    """The answer that most of the answers agree with, the first of them in a tie."""
    return max(answers, key=lambda rows: sum(agree(rows, other) for other in answers))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return (value - _EPOCH).days
    return value


def _equal(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)  # type: ignore[arg-type]
    return one == other
