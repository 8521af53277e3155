"""What waits for a reviewer: what is theirs, the nearest date first, and what whoever coaches may pick."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import assigning
from pitchreview.errors import InvalidState
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Drill,
    Membership,
    Pitch,
    Recording,
    RecordingState,
    Request,
    Review,
    ReviewersFrom,
    ReviewState,
    Role,
    Take,
    User,
)
from pitchreview.permissions import takes_visible_to

# Whoever wrote something about a take in the pool is left alone with it for a while.
LEFT_ALONE = timedelta(days=1)
# For so long the page tells what went on to somebody else.
TOLD_FOR = timedelta(days=3)
# And for so long a manager reads why something was given back.
READ_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Place:
    """A take in somebody's queue, and why it is there."""

    take: Take
    request: Request | None = None
    assignment: Assignment | None = None
    has_begun: bool = False

    @property
    def is_mine(self) -> bool:
        """Else it is in the pool, for whoever picks it."""
        return self.has_begun or self.request is not None or self.assignment is not None

    @property
    def due_at(self) -> datetime | None:
        dates = [self.request.due_at] if self.request else []
        dates += [self.assignment.leased_until] if self.assignment else []
        return min((date for date in dates if date is not None), default=None)

    @property
    def since(self) -> datetime | None:
        """A check that was shared out today waits since today, however old its take is."""
        return self.assignment.created_at if self.assignment else self.take.submitted_at


def waiting_for(session: Session, reviewer: User, team_id: UUID) -> list[Take]:
    """Takes of a team that wait for this reviewer.

    First what somebody asked them about and what is theirs to review, the nearest date first; then, for
    those who coach, what is in the pool: submitted takes of reps that nobody has claimed, oldest first. What
    coaches, managers and people without account present is shown, but is nobody's work unless they ask.
    What the reviewer has begun stays in the queue until it is published, whoever else was quicker.
    """
    begun = select(Review.take_id).where(Review.reviewer_id == reviewer.id, Review.state == ReviewState.DRAFT)
    asked, held = _open_requests_to(reviewer), _held_by(reviewer)
    # One list of candidates: takes are many, and what waits for one person is little.
    waits = [begun, asked.with_only_columns(Request.take_id), held.with_only_columns(Assignment.take_id)]
    if reviewer.role_in(team_id) in (Role.COACH, Role.MANAGER):
        waits.append(_in_the_pool(reviewer, team_id))
    about_it, of_it = asked.where(Request.take_id == Take.id), held.where(Assignment.take_id == Take.id)
    dates = (
        about_it.with_only_columns(func.min(Request.due_at)).correlate(Take).scalar_subquery(),
        of_it.with_only_columns(func.min(Assignment.leased_until)).correlate(Take).scalar_subquery(),
    )
    query = (
        takes_visible_to(reviewer)
        .join(Take.recording)
        .where(
            Take.submitted_at.is_not(None),
            Pitch.team_id == team_id,
            or_(Pitch.presenter_id.is_(None), Pitch.presenter_id != reviewer.id),
            Recording.state.in_([RecordingState.PLAYABLE, RecordingState.READY]),
            Take.id.in_(union_all(*waits)),
        )
        .order_by(
            func.least(*dates).asc().nulls_last(),
            or_(about_it.correlate(Take).exists(), Take.id.in_(begun)).desc(),
            Take.submitted_at,
        )
    )
    return list(session.scalars(query))


def places_of(session: Session, reviewer: User, takes: list[Take]) -> list[Place]:
    """Why each of these waits for the reviewer."""
    ids = [take.id for take in takes]
    requests = asked_about(session, reviewer, takes)
    held = session.scalars(_held_by(reviewer).where(Assignment.take_id.in_(ids)))
    assignments = {assignment.take_id: assignment for assignment in held}
    drafts = select(Review.take_id).where(
        Review.take_id.in_(ids), Review.reviewer_id == reviewer.id, Review.state == ReviewState.DRAFT
    )
    begun = set(session.scalars(drafts))
    return [Place(take, requests.get(take.id), assignments.get(take.id), take.id in begun) for take in takes]


def next_of(session: Session, reviewer: User, waiting: list[Take], *, but: UUID | None) -> Take | None:
    """The first that is theirs to review, other than the one they come from."""
    places = places_of(session, reviewer, waiting)
    return next((place.take for place in places if place.is_mine and place.take.id != but), None)


def go_on(session: Session, reviewer: User, waiting: list[Take], *, but: UUID | None) -> Take | None:
    """What is theirs comes first; after that the pool, and what they go on to there is theirs, too."""
    mine = next_of(session, reviewer, waiting, but=but)
    if mine is not None:
        return mine
    others = (take for take in waiting if take.id != but)
    return next((take for take in others if _claim(session, take, reviewer)), None)


def _claim(session: Session, take: Take, reviewer: User) -> bool:
    """Not where somebody was quicker."""
    try:
        assigning.pick(session, take, reviewer)
    except InvalidState:
        return False
    return True


def asked_about(session: Session, reviewer: User, takes: list[Take]) -> dict[UUID, Request]:
    """By take: what somebody asks this reviewer about it."""
    query = (
        _open_requests_to(reviewer)
        .where(Request.take_id.in_([take.id for take in takes]))
        .options(joinedload(Request.asked_by))
    )
    return {request.take_id: request for request in session.scalars(query)}


def handed_on_from(session: Session, reviewer: User, team_id: UUID) -> list[Assignment]:
    """What was theirs until its time was over, lately."""
    query = (
        select(Assignment)
        .join(Assignment.take)
        .join(Take.pitch)
        .where(
            Assignment.reviewer_id == reviewer.id,
            Assignment.state == AssignmentState.HANDED_ON,
            Assignment.ended_at > db.now() - TOLD_FOR,
            Pitch.team_id == team_id,
            Take.deleted_at.is_(None),
        )
        .order_by(Assignment.ended_at.desc())
    )
    return list(session.scalars(query))


def given_back_in(session: Session, team_id: UUID) -> list[Assignment]:
    """What people said lately when they gave a review back: for those who plan."""
    query = (
        select(Assignment)
        .join(Assignment.take)
        .join(Take.pitch)
        .where(
            Pitch.team_id == team_id,
            Assignment.state == AssignmentState.GIVEN_BACK,
            Assignment.origin != AssignmentOrigin.CHECK,
            Assignment.reason != "",
            Assignment.ended_at > db.now() - READ_FOR,
        )
        .options(joinedload(Assignment.reviewer))
        .order_by(Assignment.ended_at.desc())
        .limit(10)
    )
    return list(session.scalars(query))


def _held_by(reviewer: User) -> Select[Assignment]:
    return select(Assignment).where(
        Assignment.reviewer_id == reviewer.id, Assignment.state == AssignmentState.OPEN
    )


def _open_requests_to(reviewer: User) -> Select[Request]:
    return select(Request).where(
        Request.asked_id == reviewer.id,
        Request.answered_at.is_(None),
        Request.declined_at.is_(None),
        Request.withdrawn_at.is_(None),
    )


def _in_the_pool(reviewer: User, team_id: UUID) -> Select[UUID]:
    """Submitted takes of reps, by themselves or for a drill that leaves it open who reviews them."""
    by_a_rep = exists().where(
        Membership.user_id == Pitch.presenter_id,
        Membership.team_id == team_id,
        Membership.role == Role.REP,
    )
    needed = func.coalesce(Drill.reviewers_count, 1)
    return (
        select(Take.id)
        .join(Take.pitch)
        .outerjoin(Take.drill)
        .where(
            Pitch.team_id == team_id,
            Take.submitted_at.is_not(None),
            or_(Take.drill_id.is_(None), Drill.reviewers_from == ReviewersFrom.POOL),
            by_a_rep,
            _claims(reviewer) < needed,
            ~_is_over_for(reviewer),
            ~assigning.should_not_meet(reviewer),
        )
    )


def _claims(reviewer: User) -> ColumnElement[int]:
    """How many others have it, have just begun, or have reviewed it."""
    held = select(Assignment.reviewer_id).where(
        Assignment.take_id == Take.id, Assignment.state == AssignmentState.OPEN
    )
    just_begun = (Review.state == ReviewState.DRAFT) & (Review.started_at > db.now() - LEFT_ALONE)
    given = select(Review.reviewer_id).where(
        Review.take_id == Take.id, or_(Review.state == ReviewState.PUBLISHED, just_begun)
    )
    people = held.correlate(Take).union(given.correlate(Take)).subquery()
    return select(func.count()).where(people.c.reviewer_id != reviewer.id).scalar_subquery()


def _is_over_for(reviewer: User) -> ColumnElement[bool]:
    """They have reviewed it, or cannot."""
    given_back = exists().where(
        Assignment.take_id == Take.id,
        Assignment.reviewer_id == reviewer.id,
        Assignment.state == AssignmentState.GIVEN_BACK,
    )
    reviewed = exists().where(
        Review.take_id == Take.id, Review.reviewer_id == reviewer.id, Review.state != ReviewState.DRAFT
    )
    return or_(given_back, reviewed)
