"""Letters through a real SMTP server."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import asking, reviewing, telling
from pitchreview.actions.asking import Question
from pitchreview.actions.reviewing import NewComment
from pitchreview.config import Settings
from pitchreview.local import ports
from pitchreview.models import CommentKind, Take
from tests.conftest import Cast
from tests.factories import Factory
from worker.media.tools import Tools
from worker.tasks.mail import send_mail, tell_by_mail
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


@pytest.fixture
def post_office(
    letterbox: tuple[Letterbox, int], settings: Settings, media_tools: Tools, sessions: sessionmaker[Session]
) -> Workshop:
    changed: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": letterbox[1],
        "smtp_tls": "none",
        "public_url": "https://pitch.example",
    }
    return Workshop(settings.model_copy(update=changed), sessions, None, media_tools, None)  # type: ignore[arg-type]


def tell_everybody(workshop: Workshop, session: Session) -> None:
    """Run the jobs of all letters, as a worker does when their time has come."""
    session.commit()
    waiting = text(
        "SELECT args ->> 'notification_id' FROM procrastinate_jobs WHERE task_name = 'tell_by_mail'"
    )
    for notification_id in session.scalars(waiting).all():
        tell_by_mail(workshop, notification_id)
    session.expire_all()


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team, "Price"))


def words_of(letter: Message, form: str = "plain") -> str:
    [part] = [part for part in letter.walk() if part.get_content_type() == f"text/{form}"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def test_a_review_arrives_with_links_to_its_moments_strengths_first(
    letterbox: tuple[Letterbox, int], post_office: Workshop, session: Session, cast: Cast, take: Take
) -> None:
    pause = NewComment("You rush.", 12_000, kind=CommentKind.TRY_INSTEAD, instead="Breathe.")
    first = reviewing.comment(session, take, cast.cole, pause)
    smile = NewComment("A warm start.", 83_200, kind=CommentKind.STRENGTH)
    second = reviewing.comment(session, take, cast.cole, smile)
    reviewing.comment(session, take, cast.cole, NewComment("Only for me.", 0, is_private=True))
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    tell_everybody(post_office, session)

    [letter] = letterbox[0].letters
    words = words_of(letter)
    assert letter["To"] == "ada@example.com" and letter["Subject"] == "Cole Okafor reviewed your take: Price"
    place = f"https://pitch.example/takes/{take.id}"
    expected = ("Ask one question.", "1:23  Strength", f"{place}?t=83.2&c={second.id}", "0:12  Try instead")
    found = [words.index(part) for part in (*expected, "Instead: Breathe.", f"{place}?t=12&c={first.id}")]
    assert found == sorted(found)
    assert "Only for me" not in words


def test_words_of_people_are_text_in_the_letter_that_shows_more(
    letterbox: tuple[Letterbox, int], post_office: Workshop, session: Session, cast: Cast, take: Take
) -> None:
    cast.cole.name = "<b>Cole</b>"
    reviewing.comment(session, take, cast.cole, NewComment("<img src=x> & more", 83_200))
    reviewing.publish(session, take, cast.cole, "<script>alert(1)</script>")
    tell_everybody(post_office, session)

    page = words_of(letterbox[0].letters[0], "html")
    assert "&lt;img src=x&gt; &amp; more" in page and "<b>&lt;b&gt;Cole&lt;/b&gt;</b>" in page
    assert "<script" not in page and "<img" not in page
    assert f'href="https://pitch.example/takes/{take.id}?t=83.2&amp;c=' in page


def test_a_letter_is_sent_once_and_only_while_it_is_news(
    letterbox: tuple[Letterbox, int],
    post_office: Workshop,
    session: Session,
    make: Factory,
    cast: Cast,
    take: Take,
) -> None:
    root = make.comment(take, cast.cole)
    reviewing.reply(session, root, cast.ada, "I will try it.", None)
    tell_everybody(post_office, session)
    tell_everybody(post_office, session)
    assert [letter["Subject"] for letter in letterbox[0].letters] == ["Ada Lindqvist answered: Price"]

    undone = reviewing.reply(session, root, cast.ada, "A slip.", None)
    reviewing.delete_comment(session, undone)
    reviewing.reply(session, root, cast.ada, "Seen at once.", None)
    session.flush()
    telling.mark_read(session, cast.cole, take_id=take.id)
    tell_everybody(post_office, session)
    assert len(letterbox[0].letters) == 1


def test_a_request_says_what_is_asked_and_by_when(
    letterbox: tuple[Letterbox, int], post_office: Workshop, session: Session, cast: Cast, take: Take
) -> None:
    with time_machine.travel("2026-05-04 12:00Z", tick=False):
        asking.ask(session, take, cast.ada, Question([cast.jonas.id], "Is it too long?", "2026-05-06"))
        tell_everybody(post_office, session)
    [letter] = letterbox[0].letters
    words = words_of(letter)
    assert "“Price”, by Wednesday, 6 May." in words and "  Is it too long?\n" in words
    assert "Ada Lindqvist asks for your feedback on a take of “Price”" in words


def test_a_letter_can_be_refused_for_good_by_its_own_link(
    letterbox: tuple[Letterbox, int],
    post_office: Workshop,
    session: Session,
    app: Flask,
    cast: Cast,
    take: Take,
) -> None:
    reviewing.comment(session, take, cast.cole, NewComment("Ask first.", 0))
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    tell_everybody(post_office, session)
    [letter] = letterbox[0].letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter["List-Unsubscribe"].strip("<>").removeprefix("https://pitch.example")
    assert link in words_of(letter)
    stranger = app.test_client()

    # Programs that look at letters follow links: that alone changes nothing.
    assert stranger.get(link).status_code == 200
    session.expire_all()
    assert cast.ada.wants_mail
    assert stranger.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.expire_all()
    assert not cast.ada.wants_mail
    assert stranger.post(link[:-1] + "x").status_code == 404


def test_what_did_not_go_out_is_tried_again(
    letterbox: tuple[Letterbox, int], post_office: Workshop, session: Session, cast: Cast, take: Take
) -> None:
    reviewing.comment(session, take, cast.cole, NewComment("Ask first.", 0))
    reviewing.publish(session, take, cast.cole, "Ask one question.")
    closed = post_office.settings.model_copy(update={"smtp_port": ports.choose()})
    with pytest.raises(OSError):
        tell_everybody(replace(post_office, settings=closed), session)
    tell_everybody(post_office, session)
    assert len(letterbox[0].letters) == 1
