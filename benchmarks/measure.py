"""CPU seconds and peak memory of a piece of work, each in a process of its own."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_OVERHEAD = 1.25  # engines keep to their limit by their own count, which is not the system's

Json = dict[str, "Json"] | list["Json"] | str | float | int | bool | None


@dataclass(frozen=True)
class Cost:
    """What a piece of work took.

    Attributes:
        cpu: User and system time of the process, in seconds.
        wall: Elapsed time, in seconds.
        peak: Largest resident memory, in MiB.
    """

    cpu: float
    wall: float
    peak: float


class Meter:
    """Measures stretches of this process: CPU of all its threads, and the peak of each stretch."""

    def __enter__(self) -> "Meter":
        """Start a stretch."""
        _reset_peak()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        """End the stretch; ``cost`` tells what it took."""
        self.cost = Cost(
            time.process_time() - self._cpu, time.perf_counter() - self._wall, _peak_mebibytes()
        )


def in_own_process(module: str, *arguments: str, env: dict[str, str] | None = None) -> Json:
    """Run a module of this package alone and read what it reports.

    Args:
        module: A module whose ``main`` calls ``report``, such as ``benchmarks.floor``.
        arguments: Its command line.
        env: Variables to set beside the current ones.

    Returns:
        What the module reported.

    Raises:
        RuntimeError: If the process fails; with the end of what it printed.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command,
            env={**os.environ, **(env or {}), "TRUNKLINE_BENCH_REPORT": answer.name},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr)[-3000:]
            ended = f"ended with {_ending(done.returncode)}"
            raise RuntimeError(f"{' '.join(command)} {ended}:\n{said or ended}")
        return json.loads(Path(answer.name).read_text())


def guard(cpu_seconds: int, mebibytes: int) -> None:
    """End this process when it takes more than it was given, whatever its engine knows of limits.

    Args:
        cpu_seconds: CPU time of all threads.
        mebibytes: Memory that the engine was given; a quarter more is let pass.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    threading.Thread(target=_watch_memory, args=(mebibytes * _OVERHEAD,), daemon=True).start()


def report(answer: object) -> None:
    """Hand a result to the process that asked for it; without one, print it."""
    text = json.dumps(answer, default=_as_json, indent=1)
    if path := os.environ.get("TRUNKLINE_BENCH_REPORT"):
        Path(path).write_text(text)
    else:
        print(text)


def in_turn(cases: dict[str, Callable[[], Cost]], rounds: int = 3) -> dict[str, Cost]:
    """Run cases A B A B …, so that a slow moment of the machine hits all of them.

    Returns:
        Per case, the run that took the least CPU time.
    """
    runs: dict[str, list[Cost]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            runs[name].append(case())
    return {name: min(costs, key=lambda cost: cost.cpu) for name, costs in runs.items()}


def calibrate(loops: int = 5) -> float:
    """CPU seconds of a fixed loop, the least of several: tells a quiet machine from a busy one."""
    return min(_loop() for _ in range(loops))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1))]


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else str(code)


def _loop() -> float:
    start = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number & 7
    return time.process_time() - start


def _reset_peak() -> None:
    if _CLEAR.exists():
        _CLEAR.write_text("5")


def _peak_mebibytes() -> float:
    return _status_mebibytes("VmHWM")


def _watch_memory(mebibytes: float) -> None:
    while not _status_mebibytes("VmRSS") > mebibytes:
        time.sleep(0.1)
    print(f"more than {mebibytes:.0f} MiB of memory", file=sys.stderr, flush=True)
    os._exit(1)


def _status_mebibytes(entry: str) -> float:
    if not _STATUS.exists():
        return float("nan")
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(entry))
    return int(line.split()[1]) / 1024


def _as_json(value: object) -> dict[str, object] | str:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
