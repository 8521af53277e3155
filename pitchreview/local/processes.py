"""Child processes that end with us, and the ways to find those that did not.

1. A child is told by the kernel when its parent dies (PR_SET_PDEATHSIG). That signal follows the
   *thread* that started the child: start children from the main thread only.
2. What outlives a killed parent all the same (a grandchild) is found by a mark in its environment, or by
   the private folder in which it stands. Both prove whose it is; a pid on paper would not.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)

Output = int | IO[bytes]


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: Output,
    chatter: Output | None = None,
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    user: int | None = None,
    umask: int = -1,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (a Ctrl-C in the terminal is ours to pass on).

    Both its streams go to `output`, unless its standard output is mere `chatter`.
    """
    return subprocess.Popen(
        [str(word) for word in argv],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output if chatter is None else chatter,
        stderr=output,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        umask=umask,
        preexec_fn=_dies_with(os.getpid(), death_signal),
    )


def _dies_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def ask_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_kernel


def end(found: Sequence[psutil.Process], first: signal.Signals, grace_seconds: float) -> None:
    """Ask with `first`; after the grace, SIGKILL."""
    for number in (first, signal.SIGKILL):
        alive = [process for process in found if not is_gone(process)]
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        _wait(alive, grace_seconds)


def _wait(processes: Sequence[psutil.Process], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not all(is_gone(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(0.02)


def is_gone(process: psutil.Process) -> bool:
    """Ended; whether its parent has noticed does not matter (in a container nobody may)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def end_child(child: subprocess.Popen[bytes], first: signal.Signals, grace_seconds: float) -> None:
    """The same for a child of ours, which also has to be waited for."""
    if child.poll() is None:
        child.send_signal(first)
        try:
            child.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def marked(mark: str, value: str) -> list[psutil.Process]:
    """Processes in whose environment `mark` has this value: children of ours, and their children."""
    return [process for process in psutil.process_iter() if _is_marked(process, mark, value)]


def _is_marked(process: psutil.Process, mark: str, value: str) -> bool:
    try:
        return bool(process.environ().get(mark) == value)
    except (psutil.Error, OSError):
        return False


def standing_in(folder: Path, name: str) -> list[psutil.Process]:
    """Processes of this name whose working folder is `folder`, the oldest first."""
    found = [process for process in psutil.process_iter() if _stands_in(process, folder, name)]
    return sorted(found, key=lambda process: process.create_time())


def _stands_in(process: psutil.Process, folder: Path, name: str) -> bool:
    try:
        return bool(process.name() == name and process.cwd() == str(folder))
    except (psutil.Error, OSError):
        return False


@contextlib.contextmanager
def output(file: Path, given: Output | None) -> Iterator[Output]:
    """Where a part writes its log: what the caller gave, else this file."""
    if given is not None:
        yield given
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("ab") as opened:
        yield opened
