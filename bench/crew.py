"""Workers under a supervisor, and the processes that can be killed."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.world import World

RESTART_SECONDS = 0.5
TOOL_NAMES = ("ffmpeg", "ffprobe")

# What Python is told to run
Program = tuple[str, ...]
WORKER: Program = ("-m", "pitchreview", "worker")


@dataclass
class Crew:
    """Worker processes that are started again when they end, as an operator's supervisor does."""

    here: World
    environments: list[dict[str, str]]
    program: Program = WORKER
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    restarts: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self.workers = [self._spawn(changes) for changes in self.environments]
        self._thread = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """SIGTERM, as at a deployment; a worker that takes longer than it may is an error."""
        self._over.set()
        self._thread.join()
        for worker in self.workers:
            worker.terminate()
        try:
            for worker in self.workers:
                worker.wait(timeout=20)
        finally:
            for worker in self.workers:
                worker.kill()
                worker.wait()

    def _spawn(self, changes: dict[str, str]) -> "subprocess.Popen[bytes]":
        return self.here.spawn_worker(changes, self.program)

    def _supervise(self) -> None:
        while not self._over.wait(RESTART_SECONDS):
            for number, worker in enumerate(self.workers):
                if worker.poll() is not None:
                    self.workers[number] = self._spawn(self.environments[number])
                    self.restarts += 1


@contextmanager
def crew(
    here: World,
    count: int = 1,
    changes: dict[str, str] | None = None,
    program: Program = WORKER,
) -> Iterator[Crew]:
    """A crew for the time of the block."""
    team = Crew(here, [changes or {}] * count, program)
    team.start()
    try:
        yield team
    finally:
        team.stop()


def tools_below(work_dir: Path) -> list[psutil.Process]:
    """Every ffmpeg and ffprobe that works on a file of ours."""
    return [process for process in _working_below(work_dir) if _tool_name(process).startswith(TOOL_NAMES)]


def leftovers_below(work_dir: Path) -> list[str]:
    """Tools and their sandboxes; there is a moment between the end of a job and theirs."""
    deadline = time.monotonic() + 5
    while (left := _working_below(work_dir)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return [_tool_name(process) for process in left]


def kill(pid: int, number: int = signal.SIGKILL) -> bool:
    """Whether it was still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def _working_below(work_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        is_ours = any(str(work_dir) in word for word in words) and "pitchreview" not in words
        if is_ours and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def _tool_name(process: psutil.Process) -> str:
    try:
        return Path(process.cmdline()[0]).name
    except (psutil.Error, IndexError):
        return "gone"
