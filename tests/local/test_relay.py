"""The relay that lets other machines reach the object store."""

import hashlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from pitchreview.config import MEBIBYTE
from pitchreview.local import ports
from tests.local.running import eventually

RelayTo = Callable[[int], int]


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that sends everything back when the other side has ended; its port."""

    def serve(connection: socket.socket) -> None:
        with connection:
            received = b"".join(iter(lambda: connection.recv(65536), b""))
            connection.sendall(received)

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.fixture
def relay_to() -> Iterator[RelayTo]:
    running: list[subprocess.Popen[bytes]] = []

    def start(target: int) -> int:
        port = ports.choose()
        command = [sys.executable, "-m", "pitchreview.local.relay", "127.0.0.1", str(port), str(target)]
        running.append(subprocess.Popen(command))
        assert eventually(lambda: not ports.is_free(port))
        return port

    yield start
    for process in running:
        process.terminate()
        process.wait()


def say(port: int, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_both_directions_arrive_whole(echo: int, relay_to: RelayTo) -> None:
    content = os.urandom(8 * MEBIBYTE)

    answer = say(relay_to(echo), content)

    assert hashlib.sha256(answer).digest() == hashlib.sha256(content).digest()


def test_while_the_other_end_is_away_it_hangs_up_and_later_serves(relay_to: RelayTo) -> None:
    target = ports.choose()
    port = relay_to(target)
    assert say(port, b"") == b""

    with (
        socket.create_server(("127.0.0.1", target)) as server,
        socket.create_connection(("127.0.0.1", port), timeout=30) as connection,
    ):
        inner, _ = server.accept()
        inner.sendall(b"back again")
        inner.close()
        assert connection.recv(64) == b"back again"


def test_one_side_that_breaks_off_takes_the_other_along(relay_to: RelayTo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = relay_to(server.getsockname()[1])
        browser = socket.create_connection(("127.0.0.1", port), timeout=30)
        inner, _ = server.accept()
        browser.close()
        inner.settimeout(30)
        assert inner.recv(64) == b""
        inner.close()
