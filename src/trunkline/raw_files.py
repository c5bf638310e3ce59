"""What a folder of raw files delivers: found by name, read by DuckDB, refused in one sentence."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from trunkline.errors import TrunklineError

_SUFFIXES = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
}
_SHAPE = "<system>/<entity>.parquet, .csv or .json, or a folder of such files"
_FORMATS = ".parquet, .csv, .json, .ndjson or .jsonl, the text ones also with .gz"


@dataclass(frozen=True)
class TableContract:
    """What the raw layer expects of a table.

    Attributes:
        columns: Its columns.
        required: The columns without which it cannot be read.
        is_required: Whether its system cannot be read without it.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    is_required: bool


Contract = Mapping[str, Mapping[str, TableContract]]


@dataclass(frozen=True)
class Delivery:
    """The files of one table.

    Attributes:
        system: Source system.
        entity: Table of the contract.
        place: The file, or the pattern of a folder's files.
        file_format: ``parquet``, ``csv`` or ``json``.
        files: The files, in order.
    """

    system: str
    entity: str
    place: str
    file_format: str
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table as sentences name it."""
        return f"{self.system}.{self.entity}"


def read_contract(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Contract:
    """Read the contract that the macro ``raw_contract`` takes from the raw models.

    Args:
        tables: ``columns``, ``required`` and ``is_required`` by system and entity.

    Returns:
        The contract.
    """
    return {
        system: {
            entity: TableContract(
                tuple(table["columns"]), tuple(table["required"]), bool(table["is_required"])
            )
            for entity, table in entities.items()
        }
        for system, entities in tables.items()
    }


def find_deliveries(root: str, contract: Contract) -> dict[tuple[str, str], Delivery]:
    """Find the files of every table by their names alone.

    Names that begin with a dot or an underscore are left alone.

    Args:
        root: The variable ``raw_path``.
        contract: The contract.

    Returns:
        What is delivered, by system and entity.

    Raises:
        TrunklineError: If the folder is not there, delivers nothing, holds a name that the contract
            does not know, delivers a table twice or leaves a required one out.
    """
    if not root:
        raise TrunklineError(
            f"raw_source is files but raw_path is empty; set raw_path to the folder that holds "
            f"{_SHAPE}."
        )
    folder = Path(root)
    if not folder.is_dir():
        raise TrunklineError(
            f"raw_path is {root}, and there is no such folder; set it to the folder that holds "
            f"{_SHAPE}."
        )
    found: dict[tuple[str, str], Delivery] = {}
    for entry in _entries(folder):
        if entry.is_dir():
            if entry.name not in contract:
                raise TrunklineError(
                    f"The folder {entry.as_posix()} belongs to no system of the raw contract, "
                    f"which has {', '.join(sorted(contract))}; rename it or take it out of the "
                    "folder."
                )
            for delivery in _system_deliveries(entry, contract[entry.name]):
                found[delivery.system, delivery.entity] = delivery
        else:
            _refuse_stray(entry, contract)
    if not found:
        raise TrunklineError(f"{folder.as_posix()} delivers no table; it should hold {_SHAPE}.")
    _refuse_incomplete(folder, found, contract)
    return found


def delivery_reader(delivery: Delivery, columns: Sequence[str]) -> str:
    """Write the relation that reads a table's files.

    Args:
        delivery: The files.
        columns: Columns of the contract.

    Returns:
        A table function of DuckDB, or a select in brackets.

    Raises:
        TrunklineError: If a file has no header that can be read.
    """
    if delivery.file_format == "parquet":
        return _parquet_reader(_sources(delivery))
    if delivery.file_format == "json":
        return _json_reader(_sources(delivery), columns)
    groups: dict[tuple[str, ...], list[str]] = {}
    for file in delivery.files:
        groups.setdefault(_header(file, delivery), []).append(file)
    if len(groups) == 1:
        return _csv_reader(_sources(delivery), next(iter(groups)))
    readers = [_csv_reader(_listed(files), header) for header, files in groups.items()]
    return "(" + " union all by name ".join(f"select * from {reader}" for reader in readers) + ")"


def delivery_files(delivery: Delivery) -> str:
    """Write a table's files as DuckDB's file functions take them.

    Args:
        delivery: The files.

    Returns:
        A pattern or a list, as a literal of SQL.
    """
    return _sources(delivery)


def count_events(deliveries: Mapping[tuple[str, str], Delivery]) -> int:
    """Count the rows of cdp.events, where the files say how many they hold.

    Args:
        deliveries: What a folder delivers.

    Returns:
        Rows of Parquet; 0 for text files, which say nothing of the kind.
    """
    events = deliveries.get(("cdp", "events"))
    if events is None or events.file_format != "parquet":
        return 0
    with _connection() as connection:
        ((rows,),) = connection.execute(
            f"select sum(num_rows)::bigint from parquet_file_metadata({_listed(events.files)})"
        ).fetchall()
    return int(rows)


def check_delivery(delivery: Delivery, table: TableContract) -> None:
    """Read a table's files to their end and look for the required columns in each of them.

    Args:
        delivery: The files.
        table: Its contract.

    Raises:
        TrunklineError: If a file cannot be read or lacks a required column.
    """
    with _connection() as connection:
        try:
            delivered = dict(_delivered_columns(delivery, table, connection))
        except duckdb.Error as error:
            raise _unreadable(delivery.place, delivery, _cause(error)) from error
    for column in table.required:
        lacking = [file for file, columns in delivered.items() if column not in columns]
        if lacking:
            others = f" and in {len(lacking) - 1} more of {delivery.place}" if lacking[1:] else ""
            raise TrunklineError(
                f"The required column {column} is missing in {lacking[0]}{others}, which has "
                f"{', '.join(delivered[lacking[0]])}; add or rename it "
                "(docs/raw_contract.md says what it holds)."
            )


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """Keep one engine: to open one costs more than most of what it is asked here."""
    return duckdb.connect()


def _connection() -> duckdb.DuckDBPyConnection:
    return _engine().cursor()


def _entries(folder: Path) -> list[Path]:
    """List a folder without hidden names; a link that leads nowhere is refused."""
    entries = [path for path in sorted(folder.iterdir()) if path.name[0] not in "._"]
    for path in entries:
        if path.is_symlink() and not path.exists():
            raise TrunklineError(
                f"{path.as_posix()} is a link to {path.readlink()}, which does not exist; mend "
                "the link or take it out of the folder."
            )
    return entries


def _system_deliveries(folder: Path, tables: Mapping[str, TableContract]) -> list[Delivery]:
    found: dict[str, Delivery] = {}
    for entry in _entries(folder):
        entity = entry.name if entry.is_dir() else entry.name.split(".")[0]
        if entity not in tables:
            kind = "folder" if entry.is_dir() else "file"
            raise TrunklineError(
                f"The {kind} {entry.as_posix()} belongs to no table of the raw contract; "
                f"{folder.name} has {', '.join(sorted(tables))}. Rename it or take it out of the "
                "folder."
            )
        files = list(_files_below(entry)) if entry.is_dir() else [entry]
        formats = {_ending(file): _format(file) for file in files}
        for ending, file_format in formats.items():
            place = f"{entry.as_posix()}/**/*{ending}" if entry.is_dir() else entry.as_posix()
            if entity in found:
                raise TrunklineError(
                    f"{folder.name}.{entity} is delivered twice, as {found[entity].place} and as "
                    f"{place}; keep one of them."
                )
            chosen = tuple(file.as_posix() for file in files if _ending(file) == ending)
            found[entity] = Delivery(folder.name, entity, place, file_format, chosen)
    return list(found.values())


def _files_below(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_dir():
            yield from _files_below(entry)
        else:
            yield entry


def _ending(file: Path) -> str:
    """Give the ending that says how a file is read: ``.csv``, ``.csv.gz`` ..."""
    if file.suffix.lower() == ".gz":
        return file.with_suffix("").suffix + file.suffix
    return file.suffix


def _format(file: Path) -> str:
    ending = _ending(file).lower()
    found = _SUFFIXES.get(ending.removesuffix(".gz"))
    if found is None or (found == "parquet" and ending.endswith(".gz")):
        raise TrunklineError(
            f"The file {file.as_posix()} has an unknown ending; deliver it as {_FORMATS}, or take "
            "it out of the folder."
        )
    return found


def _refuse_stray(file: Path, contract: Contract) -> None:
    """Refuse a table's file that lies beside the systems' folders, where nothing reads it."""
    stem = file.name.split(".")[0]
    for system, tables in contract.items():
        for entity in tables:
            if stem in (entity, f"{system}__{entity}") and _ending(file).lower() in _SUFFIXES:
                place = file.with_name(system) / f"{entity}{_ending(file)}"
                raise TrunklineError(
                    f"The file {file.as_posix()} lies beside the folders of the systems, where it "
                    f"is not read; move it to {place.as_posix()}."
                )


def _refuse_incomplete(
    folder: Path, found: Mapping[tuple[str, str], Delivery], contract: Contract
) -> None:
    for system, tables in contract.items():
        delivered = sorted(entity for owner, entity in found if owner == system)
        for entity, table in tables.items():
            if delivered and table.is_required and entity not in delivered:
                raise TrunklineError(
                    f"The required table {system}.{entity} is missing in "
                    f"{(folder / system).as_posix()}, which has {', '.join(delivered)}; deliver "
                    f"{entity} with the columns of docs/raw_contract.md, or leave the whole system "
                    "out."
                )


def _delivered_columns(
    delivery: Delivery, table: TableContract, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read every file and give its columns; a file without a record of JSON lacks none."""
    if delivery.file_format == "csv":
        for file in delivery.files:
            header = _header(file, delivery)
            try:
                connection.execute(
                    f"select count(columns(*)) from {_csv_reader(_listed([file]), header)}"
                )
            except duckdb.Error as error:
                raise _unreadable(file, delivery, _cause(error)) from error
            yield file, header
        return
    reader = delivery_reader(delivery, table.columns)
    files = _listed(delivery.files)
    if delivery.file_format == "parquet":
        connection.execute(f"select count(*) from {reader}")
        yield from _parquet_columns(
            connection.execute(
                "select file_name, name, coalesce(num_children, 0) from parquet_schema"
                f"({files}) order by file_name, column_id"
            ).fetchall()
        )
        return
    connection.execute(f"select count(columns(*)) from {reader}")
    keys: dict[str, dict[str, None]] = {}
    for file, names in connection.execute(
        "select distinct filename, json_keys(json) from read_json_objects"
        f"({files}, filename = true)"
    ).fetchall():
        keys.setdefault(file, {}).update(dict.fromkeys(names))
    yield from ((file, tuple(names)) for file, names in keys.items())


def _parquet_columns(
    elements: Sequence[tuple[str, str, int]],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Take the columns out of Parquet's schema trees, which are listed depth first."""
    columns: dict[str, list[str]] = {}
    open_nodes: list[int] = []
    for file, name, children in elements:
        if file not in columns:
            columns[file], open_nodes = [], [children]
            continue
        while open_nodes and open_nodes[-1] == 0:
            open_nodes.pop()
        if len(open_nodes) == 1:
            columns[file].append(name)
        open_nodes[-1] -= 1
        if children:
            open_nodes.append(children)
    yield from ((file, tuple(names)) for file, names in columns.items())


def _header(file: str, delivery: Delivery) -> tuple[str, ...]:
    """Read the column names of a CSV file, whose delimiter is never guessed."""
    opened = gzip.open if file.lower().endswith(".gz") else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", errors="replace", newline="") as text:
            names = [name.strip() for name in next(csv.reader(text), [])]
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise _unreadable(file, delivery, str(error)) from error
    if not any(names):
        raise _unreadable(file, delivery, "its first line should hold the names of the columns")
    header = tuple(name or f"column{place}" for place, name in enumerate(names))
    for place, name in enumerate(header):
        if name.lower() in map(str.lower, header[:place]):
            raise _unreadable(file, delivery, f"it has the column {name} twice")
    return header


def _unreadable(place: str, delivery: Delivery, cause: str) -> TrunklineError:
    return TrunklineError(
        f"The file {place} for {delivery.name} cannot be read ({cause}); deliver it again or take "
        "it out of the folder."
    )


def _cause(error: duckdb.Error) -> str:
    """Keep where and why of DuckDB's complaint, and none of the data in between."""
    lines = []
    for line in str(error).splitlines():
        if line.startswith("Possible"):
            break
        if line.strip():
            lines.append(line.strip())
    where = lines[0].removeprefix("Invalid Input Error: ").rstrip(".")
    return where if len(lines) < 2 else f"{where}: {lines[-1].rstrip('.')}"


def _sources(delivery: Delivery) -> str:
    """Write a table's files as their pattern, or one by one where the pattern finds others."""
    with _connection() as connection:
        matched = connection.execute(
            f"select file from glob({_quoted(delivery.place)}) order by file"
        ).fetchall()
    if sorted(Path(file).as_posix() for (file,) in matched) == sorted(delivery.files):
        return _quoted(delivery.place)
    return _listed(delivery.files)


def _parquet_reader(sources: str) -> str:
    return f"read_parquet({sources}, union_by_name = true, hive_partitioning = false)"


def _json_reader(sources: str, columns: Sequence[str]) -> str:
    """Numbers and booleans are read as text too, so that one bad value is a quarantine row."""
    return f"read_json({sources}, columns = {_as_text(columns)}, hive_partitioning = false)"


def _csv_reader(sources: str, header: Sequence[str]) -> str:
    """Nothing is guessed: a bad line is an error that names it, not another dialect."""
    return (
        f"read_csv({sources}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', hive_partitioning = false, columns = {_as_text(header)})"
    )


def _as_text(columns: Sequence[str]) -> str:
    return "{" + ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns) + "}"


def _listed(files: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, files)) + "]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
