"""Writes a generated company as CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from trunkline.demo import columns as col
from trunkline.demo.generate import Demo, DemoConfig, Piece, answer_key, generate
from trunkline.demo.schema import TABLES, TableSpec

ANSWER_KEY = "ANSWER_KEY.json"
SEED_CONFIG = DemoConfig(persons=760, days=430, seed=7)
FileFormat = Literal["csv", "parquet"]
Progress = Callable[[str, float], None]
_NONSENSE = "not-a-time"
_EVENTS = TABLES["cdp__events"]


@dataclass(frozen=True)
class DemoSummary:
    """What was written.

    Attributes:
        out: The folder.
        file_format: ``csv`` or ``parquet``.
        rows: Rows by table, e.g. ``crm__leads``.
        first_date: First full reporting day.
        as_of_date: Last full reporting day.
        answer_key: The file that lists what was planted.
    """

    out: Path
    file_format: FileFormat
    rows: Mapping[str, int]
    first_date: str
    as_of_date: str
    answer_key: Path


def write_demo(
    persons: int,
    days: int,
    seed: int,
    out: Path,
    file_format: FileFormat,
    progress: Progress | None = None,
    events: int | None = None,
) -> DemoSummary:
    """Generates a demo company and writes it.

    CSV is one file a table, ``<out>/<system>/<entity>.csv``. Parquet is the same with typed
    columns, except for the events, which are one file a loaded day:
    ``<out>/cdp/events/loaded_date=YYYY-MM-DD/part-0.parquet``. What an earlier run wrote into the
    folder is replaced.

    Args:
        persons: Number of persons.
        days: Full reporting days.
        seed: Seed; equal seeds give equal bytes.
        out: Folder to write to.
        file_format: ``csv`` or ``parquet``.
        progress: Called with a stage and the share that is done.
        events: About how many events; None for short visits.

    Returns:
        What was written.

    Raises:
        ValueError: If a parameter is out of range.
        FileExistsError: If the folder holds raw files that no demo wrote.
    """
    config = DemoConfig(persons, days, seed, events)
    _clear(out)
    report = progress or (lambda stage, share: None)
    report("persons", 0.0)
    demo = generate(config)
    return _write(demo, out, file_format, "{spec.system}/{spec.entity}.csv", report)


def write_seeds(folder: Path) -> DemoSummary:
    """Writes the committed demo: ``<folder>/<system>/<system>__<entity>.csv`` by ``SEED_CONFIG``.

    Args:
        folder: The folder of the raw seeds.

    Returns:
        What was written.
    """
    demo = generate(SEED_CONFIG)
    return _write(demo, folder, "csv", "{spec.system}/{spec.name}.csv", lambda stage, share: None)


def _clear(out: Path) -> None:
    """Removes what an earlier run wrote, and nothing else."""
    found = []
    for spec in TABLES.values():
        stem = out / spec.system / spec.entity
        found += [
            path for ending in ("csv", "parquet") if (path := Path(f"{stem}.{ending}")).exists()
        ]
        found += sorted(stem.glob("loaded_date=*/part-0.parquet"))
    if found and not (out / ANSWER_KEY).exists():
        raise FileExistsError(
            f"{found[0]} exists and was not written by the demo generator (there is no "
            f"{ANSWER_KEY} in {out}); choose an empty folder"
        )
    for path in found:
        path.unlink()
        if path.parent.name.startswith("loaded_date=") and not any(path.parent.iterdir()):
            path.parent.rmdir()
    for spec in TABLES.values():
        folder = out / spec.system / spec.entity
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _ordered(spec: TableSpec, piece: Piece, by: str, cutoff: int, *, text: bool) -> pa.Table:
    """Rows in the order in which they are written, the same as text and typed, none loaded late."""
    typed = col.concat([piece.typed, col.typed_rows(spec, piece.by_hand)])
    last = pa.scalar(cutoff * 1_000_000, pa.timestamp("us"))
    loaded = pc.less_equal(typed.column("loaded_at"), last)
    place = pa.array(np.arange(typed.num_rows))
    keyed = pa.table({"key": typed.column(by), "place": place}).filter(loaded)
    rank = pc.sort_indices(keyed, sort_keys=[("key", "ascending"), ("place", "ascending")])
    order = keyed.column("place").combine_chunks().take(rank)
    if not text:
        return typed.take(order)
    words = col.as_text(piece.typed)
    if piece.faults is not None:
        at = words.column_names.index("occurred_at")
        occurred = pc.if_else(piece.faults, _NONSENSE, words.column(at))
        words = words.set_column(at, "occurred_at", occurred)
    return col.concat([words, col.text_rows(spec, piece.by_hand)]).take(order)


class _Folder:
    """Where the files of one run go.

    Attributes:
        rows: Rows written, by table.
    """

    def __init__(self, out: Path, file_format: FileFormat, name: str, cutoff: int) -> None:
        """Keeps the folder, the format, the pattern of file names and the last load."""
        self._out, self._format, self._name, self._cutoff = out, file_format, name, cutoff
        self.rows: dict[str, int] = dict.fromkeys(TABLES, 0)

    def write(self, spec: TableSpec, pieces: Iterable[tuple[str, Piece]], by: str) -> None:
        """Writes pieces of a table: one CSV file, or one Parquet file a partition.

        Args:
            spec: The table.
            pieces: Partition (blank for none) and rows.
            by: Column that orders the rows of a piece.
        """
        sink: pa_csv.CSVWriter | pq.ParquetWriter | None = None
        current = ""
        for partition, piece in pieces:
            if sink is None or (partition != current and self._format == "parquet"):
                if sink is not None:
                    sink.close()
                sink, current = self._open(spec, partition), partition
            text = self._format == "csv"
            rows = _ordered(spec, piece, by, self._cutoff, text=text)
            sink.write_table(rows)
            self.rows[spec.name] += rows.num_rows
        if sink is not None:
            sink.close()

    def _open(self, spec: TableSpec, partition: str) -> pa_csv.CSVWriter | pq.ParquetWriter:
        if self._format == "csv":
            path = self._out / self._name.format(spec=spec)
            path.parent.mkdir(parents=True, exist_ok=True)
            schema = pa.schema([(name, pa.string()) for name in spec.column_names])
            options = pa_csv.WriteOptions(quoting_style="none", quoting_header="none")
            return pa_csv.CSVWriter(path, schema, write_options=options)
        path = (self._out / self._name.format(spec=spec)).with_suffix(".parquet")
        if partition:
            path = path.with_suffix("") / f"loaded_date={partition}" / "part-0.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return pq.ParquetWriter(path, col.arrow_schema(spec), compression="zstd")


def _write(
    demo: Demo, out: Path, file_format: FileFormat, name: str, report: Progress
) -> DemoSummary:
    """Writes all tables and the answer key."""
    calendar = demo.config.calendar
    folder = _Folder(out, file_format, name, calendar.cutoff)

    def days() -> Iterator[tuple[str, Piece]]:
        for number, (date, piece) in enumerate(demo.event_days()):
            report("events", min(0.9 * number / calendar.days, 0.9))
            yield date, piece

    folder.write(_EVENTS, days(), "occurred_at")
    for number, (table, pieces) in enumerate(demo.tables()):
        report(table, 0.9 + 0.1 * number / len(TABLES))
        folder.write(TABLES[table], (("", piece) for piece in pieces), "loaded_at")
    path = out / ANSWER_KEY
    path.write_text(answer_key(demo, folder.rows, typed=file_format == "parquet"), encoding="utf-8")
    report("done", 1.0)
    return DemoSummary(
        out=out,
        file_format=file_format,
        rows=folder.rows,
        first_date=str(calendar.first_date),
        as_of_date=str(calendar.last_date),
        answer_key=path,
    )
