"""Keeps one child alive: started, watched, started again with growing pauses, and stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pitchreview.errors import PitchReviewError
from pitchreview.local.console import Console, Pipe

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a start after a death, doubled each time
LONGEST_REST = 10.0  # the end of a child wakes us anyway
CALM_SECONDS = 60  # a child that lived that long starts with the first pause again


class Running(Protocol):
    """What a start gives back: a process, and how to stop it well."""

    @property
    def process(self) -> subprocess.Popen[bytes]: ...

    def stop(self, grace_seconds: float) -> None: ...


@dataclass
class Program:
    """A child that stops on SIGTERM; at the end of the grace its whole process group is killed."""

    process: subprocess.Popen[bytes]
    was_asked: bool = False

    def ask_to_stop(self) -> None:
        """Once only: to many programs a second SIGTERM means to drop everything."""
        if not self.was_asked and self.process.poll() is None:
            self.process.terminate()
        self.was_asked = True

    def stop(self, grace_seconds: float) -> None:
        self.ask_to_stop()
        if self.process.poll() is None:
            try:
                self.process.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                end_group(self.process.pid)
                self.process.wait()


class Keeper:
    """One child and its next start. `start` gets the pipe's end for the output."""

    def __init__(
        self, name: str, start: Callable[[int], Running], console: Console, hidden: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.running: Running | None = None
        self._start = start
        self._console = console
        self._hidden = hidden
        self._started_at = self._due_at = 0.0
        self._pause = FIRST_PAUSE
        self._pipe: Pipe | None = None

    def start(self) -> None:
        self._pipe = Pipe(self.name, self._console, self._hidden)
        try:
            self.running = self._start(self._pipe.write_end)
        finally:
            self._pipe.close_write_end()
        self._started_at = time.monotonic()

    def tend(self) -> bool:
        """Notice a death, start again when the pause is over; True if it was started."""
        if self.exit_code() is not None:
            self._mourn()
        if self.running is None and time.monotonic() >= self._due_at:
            self._start_again()
            return True
        return False

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.running.process.poll() if self.running is not None else None

    def rests(self) -> float:
        """Seconds until it wants to be tended even if nothing happens."""
        return max(self._due_at - time.monotonic(), 0) if self.running is None else LONGEST_REST

    def last_lines(self) -> list[str]:
        """What it wrote last."""
        if self._pipe is None:
            return []
        self._pipe.drain()
        return [line for line in self._pipe.last_lines if line.strip()]

    def reason(self) -> str:
        """Why it ended, in words, with the last line it wrote."""
        if self.running is None:
            return "not started"
        return ": ".join([_how(self.exit_code()), *self.last_lines()[-1:]])

    def stop(self, grace_seconds: float) -> None:
        if self.running is not None:
            self.running.stop(grace_seconds)
            self.running = None

    def _mourn(self) -> None:
        assert self.running is not None
        now = time.monotonic()
        if now - self._started_at > CALM_SECONDS:
            self._pause = FIRST_PAUSE
        self._console.warn(f"{self.name} ended ({self.reason()}); it starts again in {self._pause:g} s.")
        end_group(self.running.process.pid)
        self.running, self._due_at = None, now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _start_again(self) -> None:
        try:
            self.start()
        except (PitchReviewError, OSError, subprocess.SubprocessError) as problem:
            self._console.warn(f"{self.name} did not start ({problem}); again in {self._pause:g} s.")
            self._due_at = time.monotonic() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)


def end_group(leader: int) -> None:
    """Kill what a child of ours (the leader of its process group) has left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _how(code: int | None) -> str:
    if code is None:
        return "still running"
    number = -code if code < 0 else code - 128  # 128 + n: a wrapper tells of its child's signal
    if number > 0 and number in {int(known) for known in signal.Signals}:
        return f"killed by {signal.Signals(number).name}"
    return f"exit code {code}"
