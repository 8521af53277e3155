"""One child process from start to end: limits, watchdogs, abort, a bounded tail of its complaints.

1. A small shell sets the resource limits and replaces itself by the tool: setting them between fork and
   exec in Python is unsafe in a program with threads.
2. The tool leads a session of its own, so that ending it ends everything it started.
3. One loop in the calling thread reads both pipes and looks at the clock and at `abort` five times a second.
   Nothing can block it: neither a full pipe nor a silent child.
4. Too long or no sign of progress: SIGTERM, five seconds, SIGKILL. Abort: SIGKILL at once, since
   nothing unverified is ever published.
"""

import contextlib
import os
import re
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from worker.media import seccomp
from worker.media.errors import Aborted, TimedOut, ToolFailed, WroteTooMuch
from worker.media.tools import Tools

Abort = Callable[[], bool]
OnLine = Callable[[str], bool]

# Three rungs of a 4K HEVC of ten bits on eight threads take 2 GiB of address space, half of it resident.
# ffprobe takes 60 MB, and more only for an index that lies: two kilobytes may claim 80 million frames.
MEMORY_BYTES = 4 * 1024**3
PROBE_MEMORY_BYTES = 1024**3
TICK_SECONDS = 0.2
GRACE_SECONDS = 5.0
WEIGH_SECONDS = 1.0
MAX_OUTPUT_BYTES = 16 * 1024 * 1024
MAX_LINE_BYTES = 8 * 1024
TAIL_LINES = 40
CHUNK_BYTES = 64 * 1024

# $1 bytes per file in blocks of 512, $2 address space in KiB, $3 CPU seconds, $4 niceness. Too large a file
# is told to the tool as an error, which it can put into words, not by a signal.
_LAUNCHER = (
    "trap '' XFSZ; ulimit -c 0; ulimit -n 256; ulimit -f $1; ulimit -v $2; ulimit -t $3; "
    'nice=$4; shift 4; exec nice -n "$nice" "$@"'
)
_LAUNCHER_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Limits:
    """How long one run may take and how much it may use."""

    wall_seconds: float
    stall_seconds: float = 60.0
    # Address space; where it is not said, what the tool may need
    memory_bytes: int | None = None
    # The largest single file, and by how much the job's folder may grow in all
    file_bytes: int = 12 * 1024**3
    folder_bytes: int | None = None
    # What people wait for goes before what merely makes it better
    niceness: int = 5


@dataclass(frozen=True)
class Outcome:
    """What a run that ended well left behind."""

    output: bytes
    complaints: str


def never() -> bool:
    """The abort of a run that nobody ends early."""
    return False


def run(
    tools: Tools,
    argv: Sequence[str],
    *,
    limits: Limits,
    reads: Sequence[Path] = (),
    folder: Path | None = None,
    on_line: OnLine | None = None,
    on_complaint: Callable[[str], None] | None = None,
    abort: Abort = never,
) -> Outcome:
    """Run one tool to its end; raises ToolFailed, TimedOut or Aborted.

    `on_line` takes each line of its output and says whether the line shows progress; without it the
    output is kept (up to 16 MiB) and any output counts as progress. `on_complaint` sees each line of stderr.
    """
    if abort():
        raise Aborted("Stopped before it began.")
    with seccomp.handed_over(tools.is_sandboxed and tools.has_seccomp) as filter_fd:
        command = [*tools.enclose(Path(argv[0]), reads, folder, filter_fd), *argv]
        started = _start(command, limits, _memory(tools, Path(argv[0]), limits), folder, filter_fd)
    child = _Child(started, limits, _Scales(folder, limits.folder_bytes), abort, on_line, on_complaint)
    try:
        returncode = child.follow()
    finally:
        child.end()
    if returncode != 0:
        failure = WroteTooMuch if "File too large" in child.complaints else ToolFailed
        raise failure(f"{Path(argv[0]).name} ended with {returncode}.", returncode, child.complaints)
    return Outcome(bytes(child.output), child.complaints)


def _memory(tools: Tools, binary: Path, limits: Limits) -> int:
    if limits.memory_bytes is not None:
        return limits.memory_bytes
    return PROBE_MEMORY_BYTES if binary == tools.ffprobe else MEMORY_BYTES


def _start(
    command: Sequence[str], limits: Limits, memory: int, folder: Path | None, filter_fd: int | None
) -> subprocess.Popen[bytes]:
    cpu_seconds = int(limits.wall_seconds * (os.cpu_count() or 1)) + 1
    numbers = (limits.file_bytes // 512, memory // 1024, cpu_seconds, limits.niceness)
    limit_words = [str(number) for number in numbers]
    return subprocess.Popen(
        ["sh", "-c", _LAUNCHER, "sh", *limit_words, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_LAUNCHER_ENVIRONMENT,
        cwd=folder,
        pass_fds=() if filter_fd is None else (filter_fd,),
        start_new_session=True,
    )


class _Scales:
    """Weighs the job's folder once a second: many files of a permitted size fill a disk, too."""

    def __init__(self, folder: Path | None, most: int | None) -> None:
        self.folder, self.most = folder, most
        self.before = self._weigh()
        self.next_at = time.monotonic() + WEIGH_SECONDS

    def are_tipped(self, now: float) -> bool:
        if self.most is None or now < self.next_at:
            return False
        self.next_at = now + WEIGH_SECONDS
        return self._weigh() - self.before > self.most

    def _weigh(self) -> int:
        if self.folder is None or self.most is None:
            return 0
        return sum(_bytes_on_disk(path) for path in self.folder.rglob("*"))


def _bytes_on_disk(path: Path) -> int:
    try:
        return path.lstat().st_blocks * 512
    except OSError:  # gone since we saw its name
        return 0


@dataclass
class _Child:
    """A running tool and what we know about it."""

    process: subprocess.Popen[bytes]
    limits: Limits
    scales: _Scales
    abort: Abort
    on_line: OnLine | None
    on_complaint: Callable[[str], None] | None
    output: bytearray = field(default_factory=bytearray)
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))
    half_lines: dict[str, bytes] = field(default_factory=lambda: {"output": b"", "complaints": b""})

    def __post_init__(self) -> None:
        self.started_at = self.last_progress_at = time.monotonic()

    @property
    def complaints(self) -> str:
        return "\n".join(self.tail)

    def follow(self) -> int:
        """Read and watch until the tool has ended; its return code."""
        assert self.process.stdout and self.process.stderr
        with selectors.DefaultSelector() as pipes:
            for name, pipe in (("output", self.process.stdout), ("complaints", self.process.stderr)):
                os.set_blocking(pipe.fileno(), False)
                pipes.register(pipe, selectors.EVENT_READ, name)
            while pipes.get_map():
                for key, _ in pipes.select(TICK_SECONDS):
                    self._read(pipes, key.fileobj, key.data)  # type: ignore[arg-type]
                self._check()
        return self._wait()

    def end(self) -> None:
        """Leave nothing behind: kill what is left of the group, close the pipes, reap."""
        if self.process.returncode is None:
            self._signal_group(signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def _read(self, pipes: selectors.BaseSelector, pipe: IO[bytes], name: str) -> None:
        chunk = os.read(pipe.fileno(), CHUNK_BYTES)
        if not chunk:
            pipes.unregister(pipe)
        if name == "complaints":
            self._take_complaints(chunk)
        elif self.on_line is None:
            self._keep(chunk)
        else:
            self._take_lines(chunk, self.on_line)

    def _keep(self, chunk: bytes) -> None:
        self.output += chunk
        self.last_progress_at = time.monotonic()
        if len(self.output) > MAX_OUTPUT_BYTES:
            raise ToolFailed("The tool says far more than it should.", complaints=self.complaints)

    def _take_lines(self, chunk: bytes, on_line: OnLine) -> None:
        for line in self._lines("output", chunk):
            if on_line(line):
                self.last_progress_at = time.monotonic()

    def _take_complaints(self, chunk: bytes) -> None:
        for line in self._lines("complaints", chunk):
            self.tail.append(line)
            if self.on_complaint:
                self.on_complaint(line)

    def _lines(self, name: str, chunk: bytes) -> list[str]:
        """The lines that `chunk` completes; an end of file or an endless line completes one, too."""
        *whole, rest = re.split(rb"[\r\n]+", self.half_lines[name] + chunk)
        if not chunk or len(rest) > MAX_LINE_BYTES:
            whole, rest = [*whole, rest[:MAX_LINE_BYTES]], b""
        self.half_lines[name] = rest
        return [line.decode("utf-8", "replace") for line in whole if line]

    def _check(self) -> None:
        now = time.monotonic()
        if self.abort():
            self._signal_group(signal.SIGKILL)
            raise Aborted("Stopped on request.")
        if now - self.started_at > self.limits.wall_seconds:
            self._end_gently()
            raise TimedOut(f"Not done after {self.limits.wall_seconds:.0f} seconds.", self.complaints)
        if now - self.last_progress_at > self.limits.stall_seconds:
            self._end_gently()
            raise TimedOut(f"No progress for {self.limits.stall_seconds:.0f} seconds.", self.complaints)
        if self.scales.are_tipped(now):
            self._signal_group(signal.SIGKILL)
            raise WroteTooMuch("It filled the folder of its job.", complaints=self.complaints)

    def _wait(self) -> int:
        """Both pipes are closed: what remains is the end, which a hostile child can still put off."""
        while True:
            try:
                return self.process.wait(TICK_SECONDS)
            except subprocess.TimeoutExpired:
                self._check()

    def _end_gently(self) -> None:
        self._signal_group(signal.SIGTERM)
        give_up_at = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < give_up_at and not self.abort():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(TICK_SECONDS)
                break
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
