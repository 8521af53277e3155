"""Setting drills: a scenario for people, with a date; and changing one without breaking what exists.

1. The rubric is frozen when the drill is set: a later version is for later drills.
2. Takes that were submitted stay with it, whoever is taken off the list; their reviews stay as they are.
3. Whoever it newly concerns is told of it, and so is who has still to do it when its date moves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db, timecode
from pitchreview.actions import drilling, telling
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Criterion,
    Drill,
    DrillPerson,
    DrillReviewer,
    Membership,
    NotificationKind,
    ReviewersFrom,
    Rubric,
    Scenario,
    User,
)
from pitchreview.models.drill import end_of

MOST_REVIEWERS = 5
REMINDERS = (0, 1, 2, 3, 7)  # days before
LONGEST_LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Terms:
    """A drill as it is typed."""

    due_on: str
    for_team: bool = True
    people: list[UUID] = field(default_factory=list)
    criterion_id: UUID | None = None
    focus: str = ""
    note: str = ""
    opens_at: datetime | None = None
    limit: str = ""
    practice_allowed: bool = True
    self_assessment_first: bool = False
    reviewers_from: ReviewersFrom = ReviewersFrom.POOL
    reviewers_count: int = 1
    reviewers: list[UUID] = field(default_factory=list)
    hides_reviewers: bool = False
    hides_presenter: bool = False
    remind_days: int | None = 2


def set_drill(session: Session, scenario: Scenario, by: User, terms: Terms) -> Drill:
    """Set a scenario for the team or for some of it, due at the end of that day where each of them is."""
    if scenario.is_archived:
        raise InvalidState("This scenario is put away. Bring it back first.")
    drill = Drill(
        team_id=scenario.team_id,
        scenario=scenario,
        rubric_id=scenario.rubric_id,
        people=[],
        reviewers=[],
        created_by=by,
    )
    write(session, drill, by, terms)
    if drill.due_at < db.now():
        raise InvalidInput("Choose a day that is still to come.", field="due_on")
    session.add(drill)
    session.flush()
    if drill.is_live(db.now()):
        tell_set(session, drill, by)
    return drill


def change(session: Session, drill: Drill, by: User, terms: Terms) -> None:
    """Everything but its scenario and its rubric, as long as it is open."""
    if not drill.is_open:
        raise InvalidState("This drill is closed. Open it again first.")
    due_on, was_live = drill.due_on, drill.is_live(db.now())
    before = {person.id for person in drilling.people_of(session, drill)}
    with session.no_autoflush:
        write(session, drill, by, terms)
    if drill.due_on != due_on and drill.due_at < db.now():
        raise InvalidInput("Choose a day that is still to come, or leave it as it was.", field="due_on")
    drill.edited_at = db.now()
    session.flush()
    if not drill.is_live(db.now()):
        return
    done = drilling.done_by(session, drill)
    for person in drilling.people_of(session, drill):
        if not was_live or person.id not in before:
            telling.tell(session, person, NotificationKind.DRILL, drill=drill, actor=by)
        elif drill.due_on != due_on and person.id not in done:
            telling.tell(session, person, NotificationKind.DRILL_MOVED, drill=drill, actor=by)


def tell_set(session: Session, drill: Drill, by: User | None) -> None:
    for person in drilling.people_of(session, drill):
        telling.tell(session, person, NotificationKind.DRILL, drill=drill, actor=by)


def close(drill: Drill) -> None:
    """Nobody is reminded of it any more; what was submitted stays."""
    drill.closed_at = drill.closed_at or db.now()


def open_again(drill: Drill) -> None:
    drill.closed_at = None


# --- what was typed ---------------------------------------------------------------------------


def criteria_of(session: Session, rubric_id: UUID | None) -> list[Criterion]:
    if rubric_id is None:
        return []
    return session.get_one(Rubric, rubric_id).criteria


def write(session: Session, drill: Drill, by: User, terms: Terms) -> None:
    """Put what was typed into a drill; raises `InvalidInput` beside the field that does not fit."""
    drill.due_on = day(terms.due_on, "due_on")
    drill.due_at = end_of(drill.due_on, by.time_zone) - timedelta(minutes=1)
    drill.opens_at = terms.opens_at
    if drill.opens_at is not None and drill.opens_at >= drill.due_at:
        raise InvalidInput("It should open before it is due.", field="opens_at")
    _aim(session, drill, terms)
    drill.note = terms.note[:1000]
    drill.limit_seconds = _limit(terms.limit, drill.scenario)
    drill.practice_allowed = terms.practice_allowed
    drill.self_assessment_first = terms.self_assessment_first
    _choose_people(session, drill, terms)
    _choose_reviewers(session, drill, terms)
    if terms.remind_days is not None and terms.remind_days not in REMINDERS:
        raise InvalidInput("Choose one from the list.", field="remind_days")
    drill.remind_days = terms.remind_days


def day(typed: str, field: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise InvalidInput("Choose the day it is due.", field=field) from error


def _aim(session: Session, drill: Drill, terms: Terms) -> None:
    """The one thing to work on: a criterion, and what to read for it."""
    criterion = next(
        (each for each in criteria_of(session, drill.rubric_id) if each.id == terms.criterion_id), None
    )
    if terms.criterion_id is not None and criterion is None:
        raise InvalidInput("Choose one of the criteria.", field="criterion")
    named_before = drill.focus_criterion.name if drill.focus_criterion else ""
    words = "" if terms.focus == named_before else terms.focus
    drill.focus_criterion = criterion
    drill.focus = (words or (criterion.name if criterion else ""))[:200]


def _choose_people(session: Session, drill: Drill, terms: Terms) -> None:
    drill.for_team = terms.for_team
    chosen = set() if terms.for_team else _members_among(session, drill.team_id, terms.people)
    if not terms.for_team and not chosen:
        raise InvalidInput("Choose at least one person, or the whole team.", field="people")
    kept = [one for one in drill.people if one.user_id in chosen]
    known = {one.user_id for one in kept}
    drill.people = kept + [DrillPerson(user_id=user_id) for user_id in chosen - known]


def _choose_reviewers(session: Session, drill: Drill, terms: Terms) -> None:
    is_named = terms.reviewers_from is ReviewersFrom.NAMED
    chosen = _members_among(session, drill.team_id, terms.reviewers) if is_named else set()
    if is_named and not chosen:
        raise InvalidInput("Choose who gives feedback.", field="reviewers")
    if not 1 <= terms.reviewers_count <= MOST_REVIEWERS:
        raise InvalidInput(f"Between 1 and {MOST_REVIEWERS}.", field="reviewers_count")
    drill.reviewers_from, drill.reviewers_count = terms.reviewers_from, terms.reviewers_count
    drill.hides_reviewers, drill.hides_presenter = terms.hides_reviewers, terms.hides_presenter
    kept = [one for one in drill.reviewers if one.user_id in chosen]
    known = {one.user_id for one in kept}
    drill.reviewers = kept + [DrillReviewer(user_id=user_id) for user_id in chosen - known]


def _members_among(session: Session, team_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(Membership.user_id)
            .join(Membership.user)
            .where(
                Membership.team_id == team_id,
                Membership.ended_at.is_(None),
                User.deactivated_at.is_(None),
                Membership.user_id.in_(list(ids)),
            )
        )
    )


def _limit(typed: str, scenario: Scenario) -> int | None:
    if not typed.strip():
        return None
    ms = timecode.parse_ms(typed)
    if ms is None or not 5_000 <= ms <= LONGEST_LIMIT_SECONDS * 1000:
        raise InvalidInput("Write a time between 0:05 and 60:00, like 1:30.", field="limit")
    if ms // 1000 < scenario.target_seconds:
        target = timecode.format_ms(scenario.target_seconds * 1000)
        raise InvalidInput(f"Leave at least the target time of {target}.", field="limit")
    return ms // 1000


def today(person: User) -> date:
    """The day it is where this person is."""
    return db.now().astimezone(ZoneInfo(person.time_zone)).date()
