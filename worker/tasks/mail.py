"""Letters go out by SMTP; one that cannot be sent is tried again by the queue."""

from email import policy
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from pitchreview import db, mail, queue
from pitchreview.actions import rhythm
from pitchreview.db import transaction
from pitchreview.models import Notification, User
from pitchreview.permissions import find_visible, notifications_visible_to
from pitchreview.queue import Task
from worker.letters import Letter, letter_about
from worker.workshop import Workshop

# Header lines may be this long; the usual 78 would fold a long address into something no program can follow.
_POLICY = policy.SMTP.clone(max_line_length=900)


def send_mail(workshop: Workshop, to: str, subject: str, body: str) -> None:
    _send(workshop, _message(workshop, to, subject, body))


def tell_by_mail(workshop: Workshop, notification_id: str) -> None:
    """A letter about a notification, unless it was read, taken back or sent meanwhile.

    It is marked before it goes: a worker that is killed right then sends no second one.
    """
    if not workshop.settings.sends_mail:
        return
    key = UUID(notification_id)
    with transaction(workshop.sessions) as session:
        found = session.get(Notification, key)
        if found is None or not _is_still_wanted(session, found):
            return
        # In somebody's quiet hours a letter is put off until they end.
        if seconds := rhythm.quiet_seconds(found.user, db.now()):
            queue.defer(session, Task.TELL_BY_MAIL, in_seconds=seconds, notification_id=notification_id)
            return
        if not _claim(session, key):
            return
        letter = letter_about(session, workshop.settings, found)
    try:
        send_letter(workshop, letter)
    except Exception:
        # It did not go out, so the queue may try again.
        with transaction(workshop.sessions) as session:
            session.execute(update(Notification).where(Notification.id == key).values(mailed_at=None))
        raise


def send_letter(workshop: Workshop, letter: Letter) -> None:
    """What somebody gets by itself, with the way to end it."""
    message = _message(workshop, letter.to, letter.subject, letter.text)
    message.add_alternative(letter.html, subtype="html")
    # The button beside the sender's name: the second header lets it work with one click.
    message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    _send(workshop, message)


def _is_still_wanted(session: Session, message: Notification) -> bool:
    """What people may see is asked again: minutes can lie between the message and its letter."""
    person: User = message.user
    if message.is_read or not person.wants_mail or not person.is_active:
        return False
    return find_visible(session, notifications_visible_to(person), message.id) is not None


def _claim(session: Session, key: UUID) -> bool:
    claimed = (
        update(Notification)
        .where(Notification.id == key, Notification.mailed_at.is_(None))
        .values(mailed_at=db.now())
        .returning(Notification.id)
    )
    return session.scalar(claimed) is not None


def _message(workshop: Workshop, to: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"] = workshop.settings.mail_from, to
    # A header is one line, whatever people call themselves.
    message["Subject"] = " ".join(subject.split())
    message.set_content(body)
    return message


def _send(workshop: Workshop, message: EmailMessage) -> None:
    with mail.connect(workshop.settings) as server:
        server.send_message(message)
