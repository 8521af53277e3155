"""Waiting without sleeping blindly, and doing two things at the same moment."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")

POLL_SECONDS = 0.02


def until(look: Callable[[], Found], *, seconds: float = 10) -> Found:
    """Look again and again until there is something to see; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing was seen within {seconds} seconds"
        time.sleep(POLL_SECONDS)
    return found


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment, each in a thread; answers what came out, errors included."""
    barrier = threading.Barrier(len(acts))

    def start(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))
