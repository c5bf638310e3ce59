"""From numbers to typed Arrow columns, and from those to the text of a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trunkline.demo.dice import F64, I64, Bools
from trunkline.demo.schema import Column, TableSpec

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "varchar": pa.string(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "bigint": pa.int64(),
    "decimal(18,4)": pa.decimal128(18, 4),
    "decimal(18,8)": pa.decimal128(18, 8),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}
PART_ROWS = 500_000
Rows = Sequence[Mapping[str, str | None]]


def arrow_schema(spec: TableSpec) -> pa.Schema:
    """The typed schema of a table."""
    return pa.schema([(column.name, ARROW_TYPES[column.data_type]) for column in spec.columns])


def ids(prefix: str, numbers: npt.NDArray[np.integer]) -> pa.Array:
    """Ids such as ``U42``; a negative number is null."""
    text = pc.cast(pa.array(numbers, mask=np.asarray(numbers < 0)), pa.string())
    return pc.binary_join_element_wise(pa.scalar(prefix), text, "")


def labels(names: Sequence[str | None], codes: npt.NDArray[np.integer]) -> pa.Array:
    """Names by their index; an empty name and a negative index are null."""
    lookup = pa.array([name or None for name in names], pa.string())
    return lookup.take(pa.array(codes, pa.int64(), mask=np.asarray(codes < 0)))


def times(moments: I64, missing: Bools | None = None) -> pa.Array:
    """Instants given in seconds."""
    return pa.array(moments * 1_000_000, pa.timestamp("us"), mask=missing)


def dates(epoch_days: I64) -> pa.Array:
    """Dates given in days since 1970."""
    return pa.array(epoch_days.astype(np.int32), pa.date32())


def counts(numbers: I64, missing: Bools | None = None) -> pa.Array:
    """Whole numbers."""
    return pa.array(numbers, pa.int64(), mask=missing)


def fixed(units: I64, kind: pa.DataType) -> pa.Array:
    """Decimals given in units of their last digit, exact."""
    words = np.empty((len(units), 2), dtype="<i8")
    words[:, 0] = units
    words[:, 1] = words[:, 0] >> 63
    return pa.Array.from_buffers(kind, len(units), [None, pa.py_buffer(words.tobytes())])


def money(cents: I64, missing: Bools | None = None) -> pa.Array:
    """Amounts given in cents, exact."""
    amounts = fixed(cents * 100, ARROW_TYPES["decimal(18,4)"])
    if missing is None:
        return amounts
    return pc.if_else(pa.array(missing), pa.scalar(None, amounts.type), amounts)


def scores(numbers: F64) -> pa.Array:
    """Scores."""
    return pa.array(numbers, pa.float64())


def flags(values: Bools, missing: Bools | None = None) -> pa.Array:
    """Booleans."""
    return pa.array(values, pa.bool_(), mask=missing)


def blank(length: int, kind: str = "varchar") -> pa.Array:
    """A column without values."""
    return pa.nulls(length, ARROW_TYPES[kind])


def constant(value: str, length: int) -> pa.Array:
    """A text column with one value."""
    return pa.repeat(pa.scalar(value), length)


def table(spec: TableSpec, columns: Mapping[str, pa.Array]) -> pa.Table:
    """A typed table in contract order; refuses a missing or a surplus column."""
    if set(columns) != set(spec.column_names):
        unlike = sorted(set(columns) ^ set(spec.column_names))
        raise ValueError(f"{spec.name}: columns differ from the contract: {', '.join(unlike)}")
    return pa.table([columns[name] for name in spec.column_names], schema=arrow_schema(spec))


def in_parts(
    build: Callable[..., pa.Table], *arrays: npt.NDArray[np.integer]
) -> Iterator[pa.Table]:
    """Builds a long table part by part, so that memory holds one part at a time.

    Args:
        build: Makes a table from slices of the arrays.
        *arrays: One entry a row of the table, equally long.

    Yields:
        The parts.
    """
    for start in range(0, max(len(arrays[0]), 1), PART_ROWS):
        yield build(*(array[start : start + PART_ROWS] for array in arrays))


def as_text(typed: pa.Table) -> pa.Table:
    """Every column as the CSV file spells it."""
    return pa.table(
        {name: _column_text(typed.column(name)) for name in typed.column_names},
        schema=pa.schema([(name, pa.string()) for name in typed.column_names]),
    )


def _column_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_decimal(kind):
        return column.cast(pa.decimal128(18, kind.scale // 2)).cast(pa.string())
    return column.cast(pa.string())


def text_rows(spec: TableSpec, rows: Rows) -> pa.Table:
    """Rows written by hand, as text."""
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], pa.string()) for name in spec.column_names}
    )


def typed_rows(spec: TableSpec, rows: Rows) -> pa.Table:
    """Rows written by hand, typed; a text that does not convert is null, as in a typed export."""
    return pa.table(
        [
            pa.array(
                [_convert(row.get(column.name), column) for row in rows],
                ARROW_TYPES[column.data_type],
            )
            for column in spec.columns
        ],
        schema=arrow_schema(spec),
    )


def _convert(text: str | None, column: Column) -> object:
    if text is None or column.data_type == "varchar":
        return text
    try:
        match column.data_type:
            case "timestamp":
                return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
            case "date":
                return date.fromisoformat(text)
            case "bigint":
                return int(text)
            case "double":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}[text]
            case _:
                return Decimal(text)
    except (ValueError, KeyError, InvalidOperation):
        return None


def concat(tables: Iterable[pa.Table]) -> pa.Table:
    """Tables of one schema, one after the other."""
    return pa.concat_tables(list(tables))
