"""Free TCP ports that stay the same from start to start.

They are chosen below the range from which the kernel serves outgoing connections (32768 and up on
Linux), so that a remembered port is seldom taken by somebody's passing connection.
"""

import contextlib
import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

LOWEST, HIGHEST = 20000, 32767


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # else a closed connection counts as taken
        with contextlib.suppress(OSError):
            probe.bind((host, port))
            return True
    return False


def choose(taken: Iterable[int] = (), host: str = "127.0.0.1") -> int:
    """Some free port that is not among `taken`."""
    avoid = set(taken)
    while True:
        port = random.randint(LOWEST, HIGHEST)
        if port not in avoid and is_free(port, host):
            return port


def keep(file: Path, name: str, host: str) -> int:
    """The port that `file` remembers under `name`, else a new one that it remembers from now on."""
    known = remembered(file)
    if name not in known or not is_free(known[name], host):
        known[name] = choose(known.values(), host)
        remember(file, known)
    return known[name]


def remembered(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def remember(file: Path, ports: dict[str, int]) -> None:
    file.write_text(json.dumps(ports, indent=2))
