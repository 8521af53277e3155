"""A listener on loopback that counts who calls, and a wire that tells whether a file was opened."""

import ctypes
import os
import socket
import threading
from pathlib import Path

IN_ACCESS, IN_OPEN = 0x01, 0x20
_libc = ctypes.CDLL(None, use_errno=True)


class Canary:
    def __enter__(self) -> "Canary":
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.05)
        self.port = self.listener.getsockname()[1]
        self.is_open = True
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False
        self.thread.join()
        self.listener.close()

    def _listen(self) -> None:
        while self.is_open:
            try:
                visitor, _ = self.listener.accept()
            except TimeoutError:
                continue
            self.visits += 1
            visitor.close()


class Tripwire:
    """inotify on one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "Tripwire":
        self.events = _libc.inotify_init1(os.O_NONBLOCK)
        assert self.events >= 0
        assert _libc.inotify_add_watch(self.events, bytes(self.path), IN_ACCESS | IN_OPEN) >= 0
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.events)

    @property
    def was_touched(self) -> bool:
        try:
            return bool(os.read(self.events, 4096))
        except BlockingIOError:
            return False
