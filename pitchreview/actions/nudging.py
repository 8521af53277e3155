"""Reminders and digests by themselves, each of them once.

A clock that is caught up finds everything that became due meanwhile. Each has a key; the row with that key
is written in the transaction that tells of it, and there cannot be a second one. So nothing is sent twice,
however often and by how many workers this is called, and nothing is lost while none of them runs:

1. What is due while its person wants quiet waits for the next call.
2. What came too late to be of use, or is done already, is passed over for good.
3. Of digests that were missed for weeks the one of this week is sent, until Friday.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from pitchreview import db, queue
from pitchreview.actions import digesting, drilling, rhythm, telling
from pitchreview.models import Drill, Membership, Message, NotificationKind, Nudge, User
from pitchreview.permissions import Act, may
from pitchreview.queue import Task

# A digest of Monday is of use until the end of Friday; that a drill has opened, for a week.
DIGEST_IS_OF_USE = timedelta(days=5)
OPENING_IS_OF_USE = timedelta(days=7)
# So long a card asks its owner to look at it; the lists go on saying so.
CARD_IS_OF_USE = timedelta(days=90)
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Due:
    """Something to tell somebody from an instant on."""

    person: User
    key: str
    at: datetime
    is_of_use: bool


def remind(session: Session) -> None:
    """Tell everybody of what has just opened, is due soon and not done, or wants to be looked at again."""
    now = db.now()
    _remind_of_drills(session, now)
    _remind_of_cards(session, now)


def _remind_of_drills(session: Session, now: datetime) -> None:
    for drill in _live_drills(session, now):
        people = drilling.people_of(session, drill)
        done = drilling.done_by(session, drill)
        for due in _unknown(session, _openings(drill, people, now)):
            if _claim(session, due):
                telling.tell(session, due.person, NotificationKind.DRILL, drill=drill, actor=drill.created_by)
        for due in _unknown(session, _reminders(drill, people, done, now)):
            if _claim(session, due):
                telling.tell(session, due.person, NotificationKind.DRILL_DUE, drill=drill)


def _remind_of_cards(session: Session, now: datetime) -> None:
    cards = {f"card:{card.id}:{card.review_on}": card for card in _cards_to_look_at(session, now)}
    for due in _unknown(session, _looks(cards)):
        if _claim(session, due):
            telling.tell(session, due.person, NotificationKind.CARD_DUE, message=cards[due.key])


def begin_digests(session: Session) -> None:
    """Give the weekly letters whose hour has come to those who send them."""
    now = db.now()
    for membership in _readers(session):
        person = membership.user
        monday = rhythm.monday_of(person, now)
        at = rhythm.at(monday, rhythm.DIGEST_HOUR, person)
        # Who came in the middle of a week hears on the next Monday.
        if at > now or max(person.created_at, membership.created_at) > at:
            continue
        key = f"digest:{membership.team_id}:{rhythm.week_of(monday)}"
        due = Due(person, key, at, now - at < DIGEST_IS_OF_USE)
        if rhythm.is_quiet(person, now) or not _unknown(session, [due]):
            continue
        has_news = due.is_of_use and not digesting.of(session, person, membership.team).is_empty
        nudge_id = _claim(session, replace(due, is_of_use=has_news), stamp=False)
        if nudge_id is not None:
            queue.defer(session, Task.MAIL_DIGEST, nudge_id=str(nudge_id), team_id=str(membership.team_id))


def is_of_use(nudge: Nudge) -> bool:
    """A letter of Monday that could not go out for days need not any more."""
    return db.now() - nudge.due_at < DIGEST_IS_OF_USE


def sweep(session: Session) -> None:
    """Keys of long ago keep nothing from being sent twice any more."""
    session.execute(delete(Nudge).where(Nudge.created_at < db.now() - KEPT_FOR))


# --- what is due ---------------------------------------------------------------------------------


def _live_drills(session: Session, now: datetime) -> list[Drill]:
    query = (
        select(Drill)
        .where(Drill.closed_at.is_(None), or_(Drill.opens_at.is_(None), Drill.opens_at <= now))
        # A day on which it is still today somewhere.
        .where(Drill.due_at > now - timedelta(days=2))
        .options(joinedload(Drill.scenario), joinedload(Drill.created_by), selectinload(Drill.people))
    )
    return list(session.scalars(query))


def _openings(drill: Drill, people: list[User], now: datetime) -> list[Due]:
    at = drill.opens_at
    if at is None or at <= drill.created_at:
        return []
    is_fresh = now - at < OPENING_IS_OF_USE
    return [
        Due(person, f"opens:{drill.id}", at, is_fresh and _told_at(drill, person) <= at) for person in people
    ]


def _reminders(drill: Drill, people: list[User], done: set[UUID], now: datetime) -> list[Due]:
    if drill.remind_days is None:
        return []
    day = drill.due_on - timedelta(days=drill.remind_days)
    key = f"drill:{drill.id}:{drill.due_on}:{drill.remind_days}"
    found = []
    for person in people:
        at = rhythm.at(day, rhythm.MORNING, person)
        is_of_use = person.id not in done and now < drill.due_for(person)
        # Who has only just heard of it need not be reminded of it.
        heard = max(_told_at(drill, person), drill.opens_at or drill.created_at)
        found.append(Due(person, key, at, is_of_use and heard < at))
    return found


def _told_at(drill: Drill, person: User) -> datetime:
    """When this person heard of the drill as it is now."""
    added = [one.added_at for one in drill.people if one.user_id == person.id]
    return max([drill.created_at, *added, *([drill.edited_at] if drill.edited_at else [])])


def _cards_to_look_at(session: Session, now: datetime) -> list[Message]:
    """Those whose day has come somewhere, and whose owner is here and may say that they hold."""
    # The day begins somewhere up to fourteen hours before it does in UTC.
    days = (now - CARD_IS_OF_USE).date(), (now + timedelta(days=1)).date()
    query = (
        select(Message)
        .join(Message.owner)
        .where(Message.retired_at.is_(None), Message.review_on.between(*days), User.deactivated_at.is_(None))
        .options(contains_eager(Message.owner).selectinload(User.memberships))
        .order_by(Message.review_on, Message.id)
        # One that somebody changes right now is looked at in the next call.
        .with_for_update(of=Message, key_share=True, skip_locked=True)
    )
    return [
        card for card in session.scalars(query) if card.owner and may(card.owner, Act.CHECK_MESSAGE, card)
    ]


def _looks(cards: dict[str, Message]) -> list[Due]:
    return [
        Due(card.owner, key, rhythm.at(card.review_on, rhythm.MORNING, card.owner), is_of_use=True)
        for key, card in cards.items()
        if card.owner and card.review_on
    ]


def _readers(session: Session) -> list[Membership]:
    query = (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.ended_at.is_(None), User.deactivated_at.is_(None), User.wants_mail, User.wants_digest
        )
        .options(joinedload(Membership.user), joinedload(Membership.team))
        .order_by(Membership.id)
    )
    return list(session.scalars(query))


# --- once ----------------------------------------------------------------------------------------


def _unknown(session: Session, dues: list[Due]) -> list[Due]:
    """Those of which no row tells yet."""
    rows = session.execute(select(Nudge.user_id, Nudge.key).where(Nudge.key.in_({due.key for due in dues})))
    known = {(user_id, key) for user_id, key in rows}
    return [due for due in dues if (due.person.id, due.key) not in known]


def _claim(session: Session, due: Due, *, stamp: bool = True) -> UUID | None:
    """Write the row of this key: its id if it is to be sent now, and by nobody else.

    What a job sends is stamped by that job, at the last moment.
    """
    now = db.now()
    if due.at > now or (due.is_of_use and rhythm.is_quiet(due.person, now)):
        return None
    values = {
        "id": uuid4(),
        "user_id": due.person.id,
        "key": due.key,
        "due_at": due.at,
        "created_at": now,
        "sent_at": now if due.is_of_use and stamp else None,
        "passed_at": None if due.is_of_use else now,
    }
    nudge_id = session.scalar(insert(Nudge).values(values).on_conflict_do_nothing().returning(Nudge.id))
    return nudge_id if due.is_of_use else None
