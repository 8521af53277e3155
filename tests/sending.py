"""What a browser does with presigned addresses."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(address: str, *, method: str = "GET", content: bytes | None = None, **headers: str) -> Answer:
    """One request to the object store; refusals are answers too."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data=content, method=method, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def put(address: str, content: bytes) -> None:
    """Send one part."""
    answer = ask(address, method="PUT", content=content)
    assert answer.status == 200, answer.body
