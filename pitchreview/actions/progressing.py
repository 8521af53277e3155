"""How a rep gets on: the next step, the focus, and the way of each criterion from where it began.

A rep is measured against their own beginning, never against others.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from pitchreview.actions import focusing
from pitchreview.models import (
    Comment,
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    Level,
    Notification,
    NotificationKind,
    Pitch,
    Reaction,
    ReactionKind,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Scenario,
    Score,
    Take,
    User,
)
from pitchreview.models.commitment import OPEN_COMMITMENTS
from pitchreview.permissions import commitments_visible_to, is_nameless_to, is_open_to, takes_visible_to

# So many takes back; a line of more points is not read any better.
MOST_POINTS = 24


@dataclass(frozen=True)
class Point:
    """What reviewers gave for a criterion of one take: their median, and how many there were."""

    take_id: UUID
    at: datetime
    title: str
    round: int | None
    level: float
    reviewers: int


@dataclass(frozen=True)
class Trend:
    """A criterion over the takes of a person, the oldest first."""

    line_id: UUID
    criterion_id: UUID  # the newest of the line
    name: str
    most: int  # the highest level there is
    points: list[Point]

    @property
    def baseline(self) -> float:
        return self.points[0].level

    @property
    def latest(self) -> float:
        return self.points[-1].level

    @property
    def change(self) -> float:
        return self.latest - self.baseline


@dataclass(frozen=True)
class Progress:
    person: User
    trends: list[Trend]
    focus: Focus | None
    commitments: list[Commitment]  # to be answered, agreed, and parked
    fixed: list[Commitment]
    unread: list[Take]  # feedback that nobody has looked at yet
    waiting: list[Take]  # submitted, and nobody has reviewed it
    helpful_given: int
    helpful_received: int

    @property
    def proposed(self) -> list[Commitment]:
        return [one for one in self.commitments if one.state is CommitmentState.PROPOSED]

    @property
    def agreed(self) -> list[Commitment]:
        return [one for one in self.commitments if one.state is CommitmentState.AGREED]

    @property
    def parked(self) -> list[Commitment]:
        return [one for one in self.commitments if one.state is CommitmentState.PARKED]


def progress_of(session: Session, person: User, team_id: UUID, viewer: User) -> Progress:
    """How somebody gets on in a team, as far as the viewer may see their takes."""
    waits = (CommitmentState.PROPOSED, *OPEN_COMMITMENTS)
    return Progress(
        person=person,
        trends=trends_of(session, person, team_id, viewer),
        focus=focusing.focus_of(session, person.id, team_id),
        commitments=_commitments(session, person, team_id, viewer, waits),
        fixed=_commitments(session, person, team_id, viewer, (CommitmentState.FIXED,)),
        unread=_unread(session, person, team_id, viewer),
        waiting=_waiting(session, person, team_id, viewer),
        helpful_given=_helpful(session, Reaction.user_id == person.id),
        helpful_received=_helpful(session, Comment.author_id == person.id),
    )


def trends_of(session: Session, person: User, team_id: UUID, viewer: User) -> list[Trend]:
    mine = _takes(person, team_id, viewer).with_only_columns(Take.id)
    query = (
        select(
            Take.id,
            Take.submitted_at,
            Take.round,
            Scenario.title,
            Criterion.line_id,
            Criterion.name,
            Criterion.id,
            Level.value,
        )
        .select_from(Score)
        .join(Review, Score.review_id == Review.id)
        .join(Take, Review.take_id == Take.id)
        .join(Pitch, Take.pitch_id == Pitch.id)
        .join(Scenario, Pitch.scenario_id == Scenario.id)
        .join(Criterion, Score.criterion_id == Criterion.id)
        .join(Level, Score.level_id == Level.id)
        .where(is_open_to(viewer), Review.take_id.in_(mine))
        .order_by(Take.submitted_at, Criterion.position)
    )
    given: dict[UUID, dict[UUID, list[int]]] = defaultdict(lambda: defaultdict(list))
    takes: dict[UUID, tuple[datetime, str, int | None]] = {}
    newest: dict[UUID, tuple[str, UUID]] = {}  # of each line: its name and criterion by now
    for take_id, at, number, title, line_id, name, criterion_id, value in session.execute(query):
        given[line_id][take_id].append(value)
        assert at is not None  # it is submitted
        takes[take_id] = (at, title, number)
        newest[line_id] = (name, criterion_id)
    tops = _tops(session, [criterion_id for _, criterion_id in newest.values()])
    return [
        Trend(
            line_id, newest[line_id][1], newest[line_id][0], tops[newest[line_id][1]], _points(by_take, takes)
        )
        for line_id, by_take in given.items()
    ]


def _points(
    by_take: dict[UUID, list[int]], takes: dict[UUID, tuple[datetime, str, int | None]]
) -> list[Point]:
    points = [
        Point(take_id, *takes[take_id][:2], takes[take_id][2], float(median(values)), len(values))
        for take_id, values in by_take.items()
    ]
    in_order = sorted(points, key=lambda point: point.at)
    # The first stays: it is what the others are measured against.
    return in_order if len(in_order) <= MOST_POINTS else [in_order[0], *in_order[-MOST_POINTS + 1 :]]


def _tops(session: Session, criterion_ids: list[UUID]) -> dict[UUID, int]:
    query = (
        select(Level.criterion_id, func.max(Level.value))
        .where(Level.criterion_id.in_(criterion_ids))
        .group_by(Level.criterion_id)
    )
    return {criterion_id: top for criterion_id, top in session.execute(query)}


def _commitments(
    session: Session, person: User, team_id: UUID, viewer: User, states: Iterable[CommitmentState]
) -> list[Commitment]:
    query = (
        commitments_visible_to(viewer)
        .where(
            Commitment.user_id == person.id, Commitment.team_id == team_id, Commitment.state.in_(list(states))
        )
        .options(
            joinedload(Commitment.criterion),
            joinedload(Commitment.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
        )
        .order_by(Commitment.due_on.nulls_last(), Commitment.created_at.desc())
        .limit(20)
    )
    return list(session.scalars(query))


def _takes(person: User, team_id: UUID, viewer: User) -> Select[Take]:
    return takes_visible_to(viewer).where(
        Pitch.presenter_id == person.id,
        Pitch.team_id == team_id,
        Take.submitted_at.is_not(None),
        ~is_nameless_to(viewer),
    )


def _unread(session: Session, person: User, team_id: UUID, viewer: User) -> list[Take]:
    """Takes with feedback that the person has not opened; only they themselves are shown it."""
    if viewer.id != person.id:
        return []
    told = select(Notification.take_id).where(
        Notification.user_id == person.id,
        Notification.kind == NotificationKind.FEEDBACK_READY,
        Notification.read_at.is_(None),
    )
    query = _takes(person, team_id, viewer).where(Take.id.in_(told)).order_by(Take.submitted_at)
    return list(session.scalars(query.options(joinedload(Take.recording)).limit(10)))


def _waiting(session: Session, person: User, team_id: UUID, viewer: User) -> list[Take]:
    published = select(Review.take_id).where(Review.state == ReviewState.PUBLISHED)
    query = (
        _takes(person, team_id, viewer)
        .join(Take.recording)
        .where(Take.id.not_in(published), Recording.state != RecordingState.AWAITING_UPLOAD)
        .order_by(Take.submitted_at)
        .limit(10)
    )
    return list(session.scalars(query))


def _helpful(session: Session, whose: ColumnElement[bool]) -> int:
    query = (
        select(func.count())
        .select_from(Reaction)
        .join(Comment, Reaction.comment_id == Comment.id)
        .where(Reaction.kind == ReactionKind.HELPFUL, Comment.deleted_at.is_(None), whose)
    )
    return session.scalar(query) or 0
