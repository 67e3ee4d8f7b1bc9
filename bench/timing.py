"""Times and memory."""

import contextlib
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Times:
    """Measured times in milliseconds."""

    values: list[float] = field(default_factory=list)

    def add(self, started: float) -> None:
        """Note the time since `started`, a value of time.perf_counter()."""
        self.values.append((time.perf_counter() - started) * 1000)

    def __add__(self, other: "Times") -> "Times":
        return Times(self.values + other.values)

    def at(self, share: float) -> float:
        """Return the time that this share of the values do not exceed."""
        ordered = sorted(self.values)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    @property
    def summary(self) -> dict[str, float]:
        """Median and 95th percentile."""
        return {"p50_ms": round(self.at(0.5), 2), "p95_ms": round(self.at(0.95), 2)}

    def __str__(self) -> str:
        return f"{self.at(0.5):.1f} / {self.at(0.95):.1f}"


def run_measured(command: Sequence[str | Path], folder: Path) -> tuple[float, int]:
    """Run a command that has to succeed; return how many seconds it took and its peak memory in MB.

    Processes it has started count: at any moment, the peaks of those that run are added.
    """
    started = time.perf_counter()
    peak = 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own commands
        while process.poll() is None:
            peak = max(peak, sum(peak_mb(pid) for pid in (process.pid, *_children(process.pid))))
            time.sleep(0.02)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - started, peak


def _children(process: int) -> list[int]:
    """Return the processes that the threads of `process` have started and that still run; none where it has ended."""
    found = []
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in tasks.read_text().split()]
    return found


def peak_mb(process: int | str = "self") -> int:
    """Return the peak of resident memory of `process` in MB, 0 where it has ended.

    The kernel is asked, not getrusage: that gives a child the peak of who started it as well.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0) // 1024


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
