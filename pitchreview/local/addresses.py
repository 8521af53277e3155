"""Hosts as people write them: which are this machine alone, what to type, where to knock."""

import http.client
import ipaddress
import socket

import psutil

LOOPBACK = "127.0.0.1"
EVERY_INTERFACE = ("0.0.0.0", "::")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def literal(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def to_type(host: str) -> list[str]:
    """What people may type to reach us: all of this machine's IPv4 addresses if we listen on every one."""
    if host not in EVERY_INTERFACE:
        return [host]
    found = [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET
    ]
    return sorted(found, key=lambda address: address != LOOPBACK)


def from_here(host: str) -> str:
    """Where we ourselves reach what listens on `host`."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)


def answers_ok(host: str, port: int, path: str) -> bool:
    """Does a GET get a 200? Asked directly: a proxy of the environment is for the world outside."""
    connection = http.client.HTTPConnection(from_here(host), port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
