"""Letters through a real SMTP server."""

from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from pitchreview.config import Settings
from pitchreview.local import ports
from worker.media.tools import Tools
from worker.tasks.mail import send_mail
from worker.workshop import Workshop


class Letterbox(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    box, port = Letterbox(), ports.choose()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_a_letter_arrives_with_its_words(
    letterbox: tuple[Letterbox, int], settings: Settings, media_tools: Tools
) -> None:
    box, port = letterbox
    changed: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none"}
    workshop = Workshop(settings.model_copy(update=changed), None, None, media_tools, None)  # type: ignore[arg-type]

    send_mail(workshop, "ada@example.com", "Mona invites you\r\nBcc: zoe@example.com", "Grüße aus Köln")

    [letter] = box.letters
    assert letter["To"] == "ada@example.com"
    assert letter["Subject"] == "Mona invites you Bcc: zoe@example.com" and letter["Bcc"] is None
    assert "Grüße" in letter.get_payload(decode=True).decode()  # type: ignore[union-attr]
