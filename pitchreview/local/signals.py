"""Signals as bytes in a pipe: one place to wait for them, and none at which they could do harm."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator

# A terminal or a wrapper may deliver one Ctrl-C twice; a person's second one comes later.
SAME_WISH_SECONDS = 1.0


class Stopped(Exception):
    """Somebody asked us to stop."""


class Signals:
    def __init__(self, read_end: int) -> None:
        self._read_end = read_end
        self._asked_at: float | None = None

    def pause(self, seconds: float) -> None:
        """Wait; shorter if a child ends. Raises Stopped when asked to stop."""
        if self._asked_at is None:
            ready, _, _ = select.select([self._read_end], [], [], max(seconds, 0))
            if ready:
                os.read(self._read_end, 4096)
        if self._asked_at is not None:
            raise Stopped

    def ask_to_stop(self, number: int, _frame: object) -> None:
        """The first time: remember it. A second wish ends us at once, and the children with us."""
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
        elif now - self._asked_at > SAME_WISH_SECONDS:
            os._exit(128 + number)


@contextlib.contextmanager
def told_of_signals() -> Iterator[Signals]:
    """Main thread only. Afterwards the signals are handled as before."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signals = Signals(read_end)
    before = {
        number: signal.signal(number, signals.ask_to_stop)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
    wakeup = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(read_end)
        os.close(write_end)
