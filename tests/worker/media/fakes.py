"""Tools that misbehave on purpose: small shell scripts in place of ffmpeg."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from worker.media.tools import Tools

HANGS = "echo frame=1; sleep 600"
HANGS_AND_CHATTERS = "while :; do echo out_time_us=1000; sleep 0.1; done"
IGNORES_SIGTERM = "trap '' TERM; echo $$ > pid; while :; do sleep 1; done"
LEAVES_A_CHILD = "sleep 600 & echo $! > pid; wait"
COMPLAINS_ENDLESSLY = 'i=0; while [ $i -lt 20000 ]; do echo "complaint $i" >&2; i=$((i+1)); done; exit 1'
BEATS = "while :; do echo >> beats; done"
FORKS_ENDLESSLY = "bomb() { bomb | bomb & }; echo started; bomb; wait"
# Puts a given file where the output should go, which is the last word of its command line
COPIES = 'for last; do :; done; cp {} "$last"'
CRASHES = "kill -SEGV $$"


def script(folder: Path, body: str) -> Path:
    path = folder.parent / "fake-tool"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def unsandboxed(tools: Tools, ffmpeg: Path) -> Tools:
    return replace(tools, ffmpeg=ffmpeg, bwrap=None, has_landlock=False)


def in_landlock(tools: Tools) -> Tools:
    """As on a host that forbids user namespaces."""
    return replace(tools, bwrap=None, has_landlock=True)


class Stop:
    """An abort that is wanted once something has happened, and knows when that was."""

    def __init__(self, happened: Callable[[], bool]) -> None:
        self.happened = happened
        self.wanted_at = 0.0

    def __call__(self) -> bool:
        if not self.wanted_at and self.happened():
            self.wanted_at = time.monotonic()
        return self.wanted_at > 0

    @property
    def seconds_ago(self) -> float:
        return time.monotonic() - self.wanted_at


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
