"""The weekly letter through a real mail server, and hours in which none goes out."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import messages, rhythm, telling
from pitchreview.actions.messages import Card
from pitchreview.models import MessageKind, NotificationKind, Nudge
from tests.conftest import Cast
from tests.factories import Factory
from tests.worker.test_mail import Letterbox, letterbox, post_office, tell_everybody, words_of
from worker.tasks.remind import mail_digest, remind
from worker.workshop import Workshop

__all__ = ["letterbox", "post_office"]


@pytest.fixture
def next_monday(session: Session, make: Factory, cast: Cast) -> object:
    """Ada has a drill to do, and it is ten in the morning of a Monday."""
    drill = make.drill(make.scenario(cast.team, "The price talk"), cast.mona, due_in=timedelta(days=30))
    drill.remind_days = None
    session.commit()
    monday = rhythm.monday_of(cast.ada, db.now()) + timedelta(days=7)
    return rhythm.at(monday, rhythm.MORNING, cast.ada) + timedelta(hours=1)


def send_all(workshop: Workshop, session: Session) -> None:
    """Run the jobs of the weekly letters, as a worker does when their time has come."""
    waiting = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'mail_digest' ORDER BY id")
    for args in session.scalars(waiting).all():
        mail_digest(workshop, **args)
    session.expire_all()


def test_the_weekly_letter_says_what_is_due_and_goes_once(
    post_office: Workshop, letterbox: tuple[Letterbox, int], session: Session, cast: Cast, next_monday: object
) -> None:
    with time_machine.travel(next_monday, tick=False):  # type: ignore[arg-type]
        remind(post_office)
        remind(post_office)
        send_all(post_office, session)
        send_all(post_office, session)
    to_ada = [letter for letter in letterbox[0].letters if letter["To"] == cast.ada.email]
    assert [letter["Subject"] for letter in to_ada] == ["Your week in EMEA mid-market"]
    words = to_ada[0].get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    assert "The price talk, due" in words and "No more weekly letter: https://pitch.example/mail/off" in words
    assert "/mail/off/digest/" in to_ada[0]["List-Unsubscribe"]
    assert session.scalars(select(Nudge.sent_at).where(Nudge.user_id == cast.ada.id)).one() is not None


def test_a_letter_of_last_week_stays_where_it_is(
    post_office: Workshop, letterbox: tuple[Letterbox, int], session: Session, next_monday: object
) -> None:
    with time_machine.travel(next_monday, tick=False):  # type: ignore[arg-type]
        remind(post_office)
    with time_machine.travel(next_monday + timedelta(days=6), tick=False):  # type: ignore[operator]
        send_all(post_office, session)
    assert letterbox[0].letters == []


def test_the_owner_of_a_card_is_asked_whether_it_still_holds(
    post_office: Workshop, letterbox: tuple[Letterbox, int], session: Session, cast: Cast
) -> None:
    price = Card(
        MessageKind.OBJECTION,
        "Too expensive",
        "You are <b>dear</b>.",
        "Compared with what?",
        owner_id=cast.cole.id,
        review_on=(db.now() - timedelta(days=1)).date(),
    )
    card = messages.write(session, cast.team.id, price, cast.mona)
    for _ in range(2):
        session.commit()
        remind(post_office)
        tell_everybody(post_office, session)
    [letter] = letterbox[0].letters
    assert (letter["To"], letter["Subject"]) == (cast.cole.email, "Does it still hold? Too expensive")
    words, page = words_of(letter), words_of(letter, "html")
    for part in ("“Too expensive”", "You are <b>dear</b>.", "Compared with what?"):
        assert part in words
    for form in (words, page):
        assert f"https://pitch.example/messages/{card.id}" in form
    assert "You are &lt;b&gt;dear&lt;/b&gt;." in page


def test_a_card_that_was_looked_at_meanwhile_makes_no_letter(
    post_office: Workshop, letterbox: tuple[Letterbox, int], session: Session, cast: Cast
) -> None:
    today = db.now().date()
    card = messages.write(
        session, cast.team.id, Card(MessageKind.VALUE, "Once", "One.", owner_id=cast.cole.id), cast.mona
    )
    telling.tell(session, cast.cole, NotificationKind.CARD_DUE, message=card)
    messages.still_right(session, card, today)
    tell_everybody(post_office, session)
    assert letterbox[0].letters == []


def test_in_quiet_hours_every_letter_waits_until_they_end(
    post_office: Workshop, letterbox: tuple[Letterbox, int], session: Session, make: Factory, cast: Cast
) -> None:
    from_, until = ((db.now() + timedelta(hours=hours)).strftime("%H:%M") for hours in (-1, 2))
    rhythm.keep_quiet(cast.ada, from_, until)
    drill = make.drill(make.scenario(cast.team), cast.mona)
    telling.tell(session, cast.ada, NotificationKind.DRILL, drill=drill, actor=cast.mona)
    tell_everybody(post_office, session)
    assert letterbox[0].letters == []
    waits = session.execute(
        text(
            "SELECT max(scheduled_at) - clock_timestamp() FROM procrastinate_jobs"
            " WHERE task_name = 'tell_by_mail'"
        )
    ).scalar_one()
    assert timedelta(hours=1) < waits <= timedelta(hours=2)
