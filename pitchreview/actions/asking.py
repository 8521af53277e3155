"""Reps ask named people for feedback on a take, outside any drill."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from pitchreview import db
from pitchreview.actions import accounts, limits, practising, telling
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Pitch, Request, Take, User
from pitchreview.models.request import LONGEST_QUESTION, LONGEST_REASON
from pitchreview.permissions import requests_visible_to

MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Question:
    """What is asked, whom, and by when."""

    people: list[UUID]
    text: str = ""
    due_on: str = ""  # a date as a form sends it, or nothing


def people_to_ask(session: Session, take: Take, asker: User) -> list[User]:
    """The team, without the asker and the presenter."""
    not_asked = {asker.id, take.pitch.presenter_id}
    members = accounts.members_of(session, take.pitch.team_id)
    found = [m.user for m in members if m.user_id not in not_asked and m.user.is_active]
    return sorted(found, key=lambda user: user.name.lower())


def ask(session: Session, take: Take, asker: User, question: Question) -> list[Request]:
    """Ask people for a review; a practice take is submitted by it, because they must see it.

    Who is asked already keeps the request, with what is asked now. Who could not, or from whom it was
    taken back, is asked anew.
    """
    limits.count(session, f"ask:{asker.id}", most=40, seconds=3600)
    text, due_at = _clean_text(question.text), _end_of(question.due_on, asker)
    people = _chosen(session, take, asker, question.people)
    if not take.is_submitted:
        practising.submit(session, take)
    known = {request.asked_id: request for request in take.requests}
    return [_ask_one(session, take, asker, person, text, due_at, known.get(person.id)) for person in people]


def _chosen(session: Session, take: Take, asker: User, ids: list[UUID]) -> list[User]:
    if not ids:
        raise InvalidInput("Choose whom to ask.", field="people")
    if len(set(ids)) > MOST_AT_ONCE:
        raise InvalidInput(f"Ask at most {MOST_AT_ONCE} people at once.", field="people")
    team = {person.id: person for person in people_to_ask(session, take, asker)}
    if not set(ids) <= team.keys():
        raise InvalidInput("Choose people of your team.", field="people")
    return [team[person_id] for person_id in dict.fromkeys(ids)]


def _ask_one(
    session: Session,
    take: Take,
    asker: User,
    person: User,
    text: str,
    due_at: datetime | None,
    known: Request | None,
) -> Request:
    if known is not None and known.answered_at is not None:
        raise InvalidInput(f"{person.name} has reviewed this take already.", field="people")
    is_news = known is None or not known.stands
    request = known or Request(take=take, asked=person)
    request.asked_by, request.question, request.due_at = asker, text, due_at
    if is_news:
        request.created_at, request.reason = db.now(), ""
        request.declined_at = request.withdrawn_at = None
        session.add(request)
        telling.tell_request(session, request)
    return request


def decline(session: Session, request: Request, reason: str) -> None:
    """Say no, in a word; the asker hears of it, and others can be asked."""
    session.refresh(request, with_for_update=True)
    if not request.is_open:
        raise InvalidState("This is not asked of you any more.")
    reason = " ".join(reason.split())
    request.reason, request.declined_at = reason[:LONGEST_REASON], db.now()
    telling.tell_declined(session, request)


def withdraw(session: Session, request: Request) -> None:
    """Take a request back, as long as there is no answer."""
    session.refresh(request, with_for_update=True)
    if request.answered_at is not None:
        raise InvalidState("They have answered already.")
    request.withdrawn_at = request.withdrawn_at or db.now()
    session.flush()
    telling.take_request_back(session, request)


def asked_of(session: Session, person: User, team_id: UUID) -> list[Request]:
    """What waits for this person's review because somebody asked, the nearest date first."""
    query = (
        requests_visible_to(person)
        .join(Request.take)
        .join(Take.pitch)
        .where(
            Request.asked_id == person.id,
            Request.answered_at.is_(None),
            Request.declined_at.is_(None),
            Request.withdrawn_at.is_(None),
            Pitch.team_id == team_id,
        )
        .options(
            joinedload(Request.asked_by),
            contains_eager(Request.take).contains_eager(Take.pitch).joinedload(Pitch.scenario),
        )
        .order_by(Request.due_at.nulls_last(), Request.created_at)
    )
    return list(session.scalars(query))


def asked_about(session: Session, take: Take) -> list[Request]:
    """Who was asked about a take, and what came of it, for those who may ask."""
    query = select(Request).where(Request.take_id == take.id, Request.withdrawn_at.is_(None))
    return list(session.scalars(query.options(joinedload(Request.asked)).order_by(Request.created_at)))


def _clean_text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_QUESTION:
        raise InvalidInput(f"Ask in at most {LONGEST_QUESTION} characters.", field="question")
    return text


def _end_of(day: str, asker: User) -> datetime | None:
    """The end of that day where the asker is."""
    if not day:
        return None
    try:
        due_at = datetime.combine(date.fromisoformat(day), time(23, 59), tzinfo=ZoneInfo(asker.time_zone))
    except (ValueError, OverflowError) as error:
        raise InvalidInput("Choose a day, or leave it open.", field="due_on") from error
    if due_at < db.now():
        raise InvalidInput("Choose a day that is still to come.", field="due_on")
    return due_at
