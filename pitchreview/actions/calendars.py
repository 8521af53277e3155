"""A private feed of due dates for calendar programs: what is one's own, and nobody else's name in it."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import drilling
from pitchreview.errors import NotFound
from pitchreview.models import (
    Assignment,
    AssignmentState,
    Commitment,
    CommitmentState,
    Pitch,
    Request,
    Take,
    User,
)
from pitchreview.permissions import commitments_visible_to, takes_visible_to

# How often programs should ask again.
REFRESH = timedelta(hours=1)


def renew(person: User) -> None:
    """A new address; whoever has the old one reads nothing more."""
    person.calendar_token = secrets.token_urlsafe(32)


def end(person: User) -> None:
    person.calendar_token = None


def person_of(session: Session, token: str) -> User:
    person = session.scalar(select(User).where(User.calendar_token == token))
    if person is None or not person.is_active:
        raise NotFound("This calendar does not exist any more. Its owner has a new address for it.")
    return person


def feed_of(session: Session, person: User, site: str) -> bytes:
    """What is due, as a calendar that begins each line with what to do."""
    calendar = Calendar()
    calendar.add("prodid", "-//PitchReview//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "PitchReview")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in [*_drills(session, person, site), *_reviews(session, person, site)]:
        calendar.add_component(entry)
    for entry in _commitments(session, person, site):
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _drills(session: Session, person: User, site: str) -> list[Event]:
    found = [
        drill
        for membership in person.active_memberships
        for drill, is_done in drilling.open_for(session, person, membership.team_id)
        if not is_done
    ]
    return [
        _event(f"drill-{each.id}", f"Drill: {each.scenario.title}", each.due_on, f"{site}/drills/{each.id}")
        for each in found
    ]


def _reviews(session: Session, person: User, site: str) -> list[Event]:
    """What others wait for, by when: asked of them, or theirs to review."""
    due: dict[UUID, datetime] = {}
    seen = takes_visible_to(person).with_only_columns(Take.id)
    asked = select(Request.take_id, Request.due_at).where(
        Request.asked_id == person.id,
        Request.answered_at.is_(None),
        Request.declined_at.is_(None),
        Request.withdrawn_at.is_(None),
        Request.due_at.is_not(None),
        Request.take_id.in_(seen),
    )
    mine = select(Assignment.take_id, Assignment.leased_until).where(
        Assignment.reviewer_id == person.id,
        Assignment.state == AssignmentState.OPEN,
        Assignment.take_id.in_(seen),
    )
    for query in (mine, asked):
        due |= {take_id: until for take_id, until in session.execute(query) if until is not None}
    takes = select(Take).where(Take.id.in_(due)).options(joinedload(Take.pitch).joinedload(Pitch.scenario))
    return [
        _event(
            f"review-{take.id}",
            f"Review: {take.pitch.scenario.title}",
            due[take.id],
            f"{site}/takes/{take.id}",
        )
        for take in session.scalars(takes.order_by(Take.id))
    ]


def _commitments(session: Session, person: User, site: str) -> list[Event]:
    query = commitments_visible_to(person).where(
        Commitment.user_id == person.id,
        Commitment.state == CommitmentState.AGREED,
        Commitment.due_on.is_not(None),
    )
    return [
        _event(f"commitment-{each.id}", f"Agreed: {each.words}", each.due_on, f"{site}/takes/{each.take_id}")
        for each in session.scalars(query.order_by(Commitment.due_on, Commitment.id))
        if each.due_on is not None
    ]


def _event(uid: str, summary: str, when: date | datetime, url: str) -> Event:
    """A whole day, or for an hour that is due the instant itself."""
    event = Event()
    event.add("uid", f"{uid}@pitchreview")
    event.add("summary", summary)
    event.add("dtstart", when)
    event.add("dtstamp", db.now())
    event.add("url", url)
    event.add("description", url)
    event.add("transp", "TRANSPARENT")
    return event
