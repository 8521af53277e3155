"""What a week brings somebody in a team, on one page: what waits, what was said, what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from pitchreview import db
from pitchreview.actions import drilling, queueing, reviewing, warming_up
from pitchreview.actions.naming import Naming
from pitchreview.models import (
    Assignment,
    Commitment,
    CommitmentState,
    Drill,
    Focus,
    Membership,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Take,
    Team,
    User,
)
from pitchreview.permissions import commitments_visible_to, is_open_to, takes_visible_to

WEEK = timedelta(days=7)
# What was submitted this lately has not waited yet.
PATIENCE = timedelta(days=2)
MOST = 6


@dataclass(frozen=True)
class Said:
    """A published review of one's own take."""

    review: Review
    by: str


@dataclass(frozen=True)
class Wait:
    """Somebody's take that nobody has reviewed, and whose turn it is."""

    take: Take
    presenter: str
    since: datetime
    reviewers: list[str]


@dataclass(frozen=True)
class Digest:
    person: User
    team: Team
    waiting: list[Take]
    drills: list[Drill]
    feedback: list[Said]
    focus: Focus | None
    commitments: list[Commitment]
    warm_ups: int
    team_waits: list[Wait]  # for managers

    @property
    def is_empty(self) -> bool:
        """A focus alone is no news."""
        news = (self.waiting, self.drills, self.feedback, self.commitments, self.warm_ups, self.team_waits)
        return not any(news)

    @property
    def minutes(self) -> int:
        """What the reviews that wait will take."""
        return sum(reviewing.review_minutes(take) for take in self.waiting)


def of(session: Session, person: User, team: Team) -> Digest:
    is_manager = person.role_in(team) is Role.MANAGER
    coaches = person.role_in(team) in (Role.COACH, Role.MANAGER)
    open_drills = [] if coaches else drilling.open_for(session, person, team.id)
    return Digest(
        person=person,
        team=team,
        waiting=queueing.waiting_for(session, person, team.id),
        drills=[drill for drill, is_done in open_drills if not is_done],
        feedback=_feedback(session, person, team),
        focus=_focus(session, person, team),
        commitments=_commitments(session, person, team),
        warm_ups=len(warming_up.due_for(session, person, team.id)),
        team_waits=_team_waits(session, person, team) if is_manager else [],
    )


def _feedback(session: Session, person: User, team: Team) -> list[Said]:
    mine = takes_visible_to(person).where(Pitch.presenter_id == person.id, Pitch.team_id == team.id)
    query = (
        select(Review)
        .where(
            is_open_to(person),
            Review.take_id.in_(mine.with_only_columns(Take.id)),
            Review.published_at > db.now() - WEEK,
        )
        .options(joinedload(Review.reviewer), joinedload(Review.take).joinedload(Take.pitch))
        .order_by(Review.published_at.desc())
        .limit(MOST)
    )
    return [
        Said(review, Naming(session, review.take, person).of(review.reviewer).name)
        for review in session.scalars(query)
    ]


def _focus(session: Session, person: User, team: Team) -> Focus | None:
    query = select(Focus).where(
        Focus.user_id == person.id, Focus.team_id == team.id, Focus.ended_at.is_(None)
    )
    return session.scalar(query.options(joinedload(Focus.criterion)))


def _commitments(session: Session, person: User, team: Team) -> list[Commitment]:
    query = commitments_visible_to(person).where(
        Commitment.user_id == person.id,
        Commitment.team_id == team.id,
        Commitment.state == CommitmentState.AGREED,
    )
    return list(session.scalars(query.order_by(Commitment.due_on.nulls_last(), Commitment.created_at)))


def _team_waits(session: Session, manager: User, team: Team) -> list[Wait]:
    """Managers read every name."""
    return [
        Wait(
            take,
            take.pitch.presented_by,
            take.submitted_at,
            sorted(one.reviewer.name for one in take.assignments if one.is_open),
        )
        for take in session.scalars(_unreviewed(manager, team).limit(MOST))
        if take.submitted_at is not None
    ]


def _unreviewed(manager: User, team: Team) -> Select[Take]:
    published = exists().where(Review.take_id == Take.id, Review.state == ReviewState.PUBLISHED)
    by_a_rep = exists().where(
        Membership.user_id == Pitch.presenter_id,
        Membership.team_id == team.id,
        Membership.role == Role.REP,
        Membership.ended_at.is_(None),
    )
    return (
        takes_visible_to(manager)
        .join(Take.recording)
        .where(
            Pitch.team_id == team.id,
            Take.submitted_at < db.now() - PATIENCE,
            Recording.state.in_([RecordingState.PLAYABLE, RecordingState.READY]),
            ~published,
            by_a_rep,
        )
        .options(
            contains_eager(Take.pitch).joinedload(Pitch.scenario),
            selectinload(Take.assignments).joinedload(Assignment.reviewer),
        )
        .order_by(Take.submitted_at)
    )
