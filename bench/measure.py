"""CPU, wall clock, memory and disk, measured from outside."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

# Often enough for files that live for seconds, seldom enough to cost nothing.
SAMPLE_SECONDS = 0.25


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float


def measured(work: Callable[[], object]) -> Cost:
    before, started = busy_seconds(), time.monotonic()
    work()
    return Cost(time.monotonic() - started, busy_seconds() - before)


def busy_seconds() -> float:
    """CPU of the whole machine, for the sandbox hides its tools from their parent's account.

    So the product's figure has its database and object store in it, and the machine must do nothing else.
    """
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.softirq)


@dataclass
class Watch:
    """The most memory of any of these processes, and the most bytes in a folder, while it is open."""

    pids: list[int]
    folder: Path
    peak_rss_mb: float = 0.0
    peak_disk_bytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.peak_rss_mb = max(self.peak_rss_mb, *map(rss_mb, self.pids))
            self.peak_disk_bytes = max(self.peak_disk_bytes, bytes_below(self.folder))


def rss_mb(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def bytes_below(folder: Path) -> int:
    """What the files take on disk; one that goes away meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512 if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
