"""What `up` shows: its own sentences, and every line of its children behind their name.

Colours only on a terminal, and only if they are welcome.
"""

import contextlib
import os
import threading
from collections import deque
from typing import TextIO

NAME_WIDTH = 9
# ANSI colours that are readable on light and dark terminals alike.
COLOURS = {"web": 36, "worker": 35, "database": 34, "objects": 33, "migrate": 32, "demo": 32, "relay": 33}
RED = 31


class Console:
    """Writes whole lines, from several threads."""

    def __init__(self, stream: TextIO, *, plain: bool = False) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._colours = stream.isatty() and not plain

    def say(self, text: str = "") -> None:
        """A sentence of the supervisor's own."""
        self._write(text)

    def warn(self, text: str) -> None:
        self._write(self._paint(RED, text))

    def line(self, name: str, text: str) -> None:
        """A line that a child wrote."""
        self._write(f"{self._paint(COLOURS.get(name, 0), name.ljust(NAME_WIDTH))}| {text}")

    def _paint(self, colour: int, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text

    def _write(self, text: str) -> None:
        # Whoever read us may be gone (`pitchreview up | head`): that is no reason to fall over.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._stream.write(text + "\n")
            self._stream.flush()


class Pipe:
    """Takes a child's output to the console, and keeps the last lines to tell why it ended.

    Lines that begin with one of `hidden` are kept, but not shown.
    """

    def __init__(self, name: str, console: Console, hidden: tuple[str, ...] = ()) -> None:
        self.name = name
        self._hidden = hidden
        self.last_lines: deque[str] = deque(maxlen=5)
        self._console = console
        self._read_end, self.write_end = os.pipe()
        self._reader = threading.Thread(target=self._read, name=f"output of {name}", daemon=True)
        self._reader.start()

    def close_write_end(self) -> None:
        """To be called when the child has its copy: the reader then ends when the child does."""
        os.close(self.write_end)

    def drain(self, seconds: float = 0.5) -> None:
        """Give the last lines of a child that ended a moment to arrive."""
        self._reader.join(seconds)

    def _read(self) -> None:
        with os.fdopen(self._read_end, errors="replace") as lines:
            for line in lines:
                text = line.rstrip()
                self.last_lines.append(text)
                if not text.startswith(self._hidden):
                    self._console.line(self.name, text)
