"""What the machine has, and whether that is enough for a delivery."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

_GIBIBYTE = 1 << 30
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

# measured on builds of 10 to 100 million events: Python and its hashes of event ids, the working
# set that no query can spill, and the database with what queries spill beside it
_PYTHON_BYTES, _PYTHON_BYTES_PER_EVENT = 400 << 20, 16
_ENGINE_BYTES, _ENGINE_BYTES_PER_EVENT = 300 << 20, 8
_DISK_BYTES, _DISK_BYTES_PER_EVENT = 200 << 20, 60


@dataclass(frozen=True)
class Machine:
    """What a build may use.

    Attributes:
        memory: Memory of the machine or of its container, in bytes.
        disk: Free space where the database lies, in bytes.
    """

    memory: int
    disk: int


def this_machine(database: Path) -> Machine:
    """Look at the machine, as a container sees it.

    Args:
        database: The database file, which need not exist.

    Returns:
        Its memory, and the free space beside the database.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in _CGROUP_LIMITS:
        if file.exists() and (limit := file.read_text().strip()).isdigit():
            memory = min(memory, int(limit))
    folder = next(folder for folder in database.absolute().parents if folder.exists())
    return Machine(memory, shutil.disk_usage(folder).free)


def engine_memory(machine: Machine) -> int:
    """Share the memory between the engine, which spills what exceeds its part, and Python.

    Returns:
        Bytes that DuckDB may use: two thirds, so that the kernel never has to end the build.
    """
    return machine.memory * 2 // 3


def bytes_of(size: str) -> int:
    """Read a size as DuckDB writes it.

    Args:
        size: Such as ``953.6 MiB``.

    Returns:
        Bytes.
    """
    number, unit = size.split()
    return int(float(number) * 1024 ** _UNITS.index(unit))


def machine_problem(machine: Machine, engine_bytes: int, events: int) -> str | None:
    """Say in one sentence whether the machine is too small for a number of events.

    Args:
        machine: The machine.
        engine_bytes: Memory that DuckDB may use.
        events: Event rows of the delivery.

    Returns:
        A sentence that says what is short and what helps, or None.
    """
    engine = _ENGINE_BYTES + _ENGINE_BYTES_PER_EVENT * events
    memory = engine + _PYTHON_BYTES + _PYTHON_BYTES_PER_EVENT * events
    disk = _DISK_BYTES + _DISK_BYTES_PER_EVENT * events
    needs = f"{events:,} events need about"
    if machine.memory < memory:
        return (
            f"{needs} {_gibibytes(memory)} of memory and this machine has "
            f"{_gibibytes(machine.memory)}; build on a larger one, or deliver fewer days."
        )
    if engine_bytes < engine:
        return (
            f"{needs} {_gibibytes(engine)} of memory within DuckDB, which may use "
            f"{_gibibytes(engine_bytes)}; raise TRUNKLINE_MEMORY_LIMIT."
        )
    if machine.disk < disk:
        return (
            f"{needs} {_gibibytes(disk)} of free disk beside the database and there are "
            f"{_gibibytes(machine.disk)}; make room, or put TRUNKLINE_DATABASE on a larger disk."
        )
    return None


def _gibibytes(size: int) -> str:
    return f"{size / _GIBIBYTE:.1f} GiB"
