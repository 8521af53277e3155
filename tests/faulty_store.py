"""A proxy in front of the object store that misbehaves on purpose.

Path, headers and the name of the host go through unchanged, so that signatures still fit. What goes wrong
is set while it runs: `store.faults.errors = 0.3`. Chances come from a seeded source.
"""

import http.client
import io
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.parse import urlsplit

CHUNK_BYTES = 64 * 1024
# What concerns one connection only; a proxy makes its own.
HOP_BY_HOP = ("connection", "expect", "keep-alive", "transfer-encoding")
SLOW_DOWN = (
    b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
)


@dataclass
class Faults:
    """What is wrong at the moment; shares are between 0 and 1."""

    # Every connection is closed without an answer
    is_down: bool = False
    # Requests that are answered with 503 SlowDown and never reach the store
    errors: float = 0.0
    # Downloads that break off in the middle
    cut_downloads: float = 0.0
    # Downloads that claim to be whole and are not
    short_downloads: float = 0.0
    # Before each request
    delay_seconds: float = 0.0
    # Of each transfer, either way; 0 is as fast as it goes
    bytes_per_second: int = 0


@dataclass
class FaultyStore:
    """The running proxy."""

    upstream: str
    server: ThreadingHTTPServer
    faults: Faults = field(default_factory=Faults)
    chance: random.Random = field(default_factory=random.Random)
    # How often something went wrong, by name: a test that never met its fault proves nothing
    met: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def happens(self, name: str, share: float) -> bool:
        if share <= 0 or self.chance.random() >= share:
            return False
        self.met[name] = self.met.get(name, 0) + 1
        return True


@contextmanager
def faulty_store(upstream: str, *, seed: int = 0) -> Iterator[FaultyStore]:
    """A proxy before the store at `upstream`, on a port of its own."""
    server = _Server(("127.0.0.1", 0), _Relay)
    store = server.store = FaultyStore(upstream, server, chance=random.Random(seed))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="faulty-store", daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    store: FaultyStore

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up, and the store hanging up on us, are what this is for."""


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        faults, store = self.server.store.faults, self.server.store
        self.close_connection = True
        if faults.is_down:
            store.happens("down", 1)
            return
        time.sleep(faults.delay_seconds)
        if store.happens("error", faults.errors):
            self._refuse()
            return
        self._relay()

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the tests say what matters."""

    def _refuse(self) -> None:
        for _ in self._sent():
            pass
        self.send_response(503)
        self.send_header("Content-Type", "application/xml")
        self._end_headers(len(SLOW_DOWN))
        if self.command != "HEAD":
            self.wfile.write(SLOW_DOWN)

    def _relay(self) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.server.store.upstream).netloc, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.endheaders()
            for chunk in self._sent():
                connection.send(chunk)
            self._answer(connection.getresponse())
        finally:
            connection.close()

    def _sent(self) -> Iterator[bytes]:
        left = int(self.headers.get("Content-Length") or 0)
        while left:
            chunk = self.rfile.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise ConnectionError("the client hung up")
            left -= len(chunk)
            self._take_time(len(chunk))
            yield chunk

    def _answer(self, answer: http.client.HTTPResponse) -> None:
        faults, store = self.server.store.faults, self.server.store
        body = None if "Content-Length" in answer.headers or self.command == "HEAD" else answer.read()
        length = int(answer.headers.get("Content-Length") or 0) if body is None else len(body)
        is_download = self.command == "GET" and answer.status in (200, 206) and length > 1
        announced = sent = length
        if is_download and store.happens("cut", faults.cut_downloads):
            sent = length // 2
        elif is_download and store.happens("short", faults.short_downloads):
            announced = sent = length // 2
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in (*HOP_BY_HOP, "content-length", "date", "server"):
                self.send_header(name, value)
        self._end_headers(announced)
        if self.command != "HEAD":
            self._pass_on(answer if body is None else io.BytesIO(body), sent)

    def _pass_on(self, body: IO[bytes], left: int) -> None:
        while left and (chunk := body.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            self._take_time(len(chunk))
            self.wfile.write(chunk)

    def _end_headers(self, length: int) -> None:
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def _take_time(self, size: int) -> None:
        if self.server.store.faults.bytes_per_second:
            time.sleep(size / self.server.store.faults.bytes_per_second)
