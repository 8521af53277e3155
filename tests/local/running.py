"""An `up` in a process of its own, seen from outside."""

import json
import re
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from pitchreview.local import environment

READY = "Press Ctrl-C to stop."
PATIENCE_SECONDS = 60  # for a loaded machine; an idle one needs two


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Up:
    """One `up` in its own process."""

    def __init__(self, data: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.data = data
        self.port = port
        self.process = process
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        return "\n".join(self._lines)

    def wait_for(self, words: str) -> None:
        assert eventually(lambda: words in self.output or self.process.poll() is not None), self.output
        assert words in self.output, self.output

    def told(self) -> dict[str, str]:
        """What the web was told by its environment."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/settings", timeout=10) as answer:
            return dict(json.load(answer))

    def parts(self) -> dict[str, str]:
        return environment.of_running(self.data)

    def child(self, words: str) -> psutil.Process:
        return next(child for child in self.family() if words in " ".join(child.cmdline()))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def finish(self, seconds: float = 30) -> int:
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def close(self) -> None:
        self.process.terminate()
        self.finish()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(re.sub(r"\x1b\[\d*m", "", line.rstrip()))
