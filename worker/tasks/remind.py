"""The rhythm of the house: reminders and weekly letters, each of them once."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from pitchreview import db, queue
from pitchreview.actions import digesting, nudging, rhythm, warming_up
from pitchreview.db import transaction
from pitchreview.models import Nudge, Team, User
from pitchreview.queue import Task
from worker.letters import weekly_letter
from worker.tasks.mail import send_letter
from worker.workshop import Workshop


def remind(workshop: Workshop) -> None:
    """Everything whose hour has come, also after days in which no worker ran."""
    with transaction(workshop.sessions) as session:
        warming_up.retire_met(session)
        nudging.remind(session)
        if workshop.settings.sends_mail:
            nudging.begin_digests(session)
        nudging.sweep(session)


def mail_digest(workshop: Workshop, nudge_id: str, team_id: str) -> None:
    """One weekly letter, marked before it goes: a worker that is killed right then sends no second one."""
    key = UUID(nudge_id)
    with transaction(workshop.sessions) as session:
        nudge = session.get(Nudge, key)
        team = session.get(Team, UUID(team_id))
        if nudge is None or team is None:
            return
        person = session.get_one(User, nudge.user_id)
        if not _is_wanted(person, team):
            return
        if seconds := rhythm.quiet_seconds(person, db.now()):
            queue.defer(session, Task.MAIL_DIGEST, in_seconds=seconds, nudge_id=nudge_id, team_id=team_id)
            return
        digest = digesting.of(session, person, team)
        if digest.is_empty or not nudging.is_of_use(nudge) or not _mark(session, key):
            return
        letter = weekly_letter(workshop.settings, digest)
    try:
        send_letter(workshop, letter)
    except Exception:
        # It did not go out, so the queue may try again.
        with transaction(workshop.sessions) as session:
            session.execute(update(Nudge).where(Nudge.id == key).values(sent_at=None))
        raise


def _is_wanted(person: User, team: Team) -> bool:
    return person.is_active and person.wants_mail and person.wants_digest and person.role_in(team) is not None


def _mark(session: Session, key: UUID) -> bool:
    marked = (
        update(Nudge)
        .where(Nudge.id == key, Nudge.sent_at.is_(None))
        .values(sent_at=db.now())
        .returning(Nudge.id)
    )
    return session.scalar(marked) is not None
