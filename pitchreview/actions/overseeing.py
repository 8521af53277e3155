"""What a manager keeps an eye on: who was coached, who waits on whom, what changed, and what to do next.

However many reps and takes there are, it is the same few statements: each counts for the whole team.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Interval, Select, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from pitchreview import db
from pitchreview.actions import proving
from pitchreview.actions.proving import FixRate
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Comment,
    Commitment,
    CommitmentState,
    Criterion,
    Dispute,
    Drill,
    DrillPerson,
    Flag,
    Focus,
    Membership,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Scenario,
    Take,
    User,
)
from pitchreview.models.commitment import OPEN_COMMITMENTS

# Feedback within these days counts as being coached.
COACHED_WITHIN = timedelta(days=30)
# The fix rate looks back so far: what was proved long ago says little about now.
PROVED_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Heard:
    """The newest published review of a take of somebody."""

    at: datetime
    by: str
    take_id: UUID


@dataclass(frozen=True)
class Waits:
    """The take of somebody that waits longest for a first review, and how many wait."""

    take_id: UUID
    since: datetime
    count: int
    on: list[str]  # the reviewers who have it; nobody: whoever picks it


@dataclass
class Row:
    """How it stands with one rep."""

    user_id: UUID
    name: str
    joined_at: datetime
    heard: Heard | None = None
    waits: Waits | None = None
    drills: int = 0  # set for them and running
    late: int = 0  # of these: past their date, and nothing submitted
    open_commitments: int = 0
    late_commitments: int = 0
    fixed: int = 0
    focus: str = ""
    focus_line_id: UUID | None = None
    focus_since: datetime | None = None

    def is_coached(self, now: datetime) -> bool:
        return self.heard is not None and now - self.heard.at < COACHED_WITHIN


@dataclass(frozen=True)
class Late:
    """A review that somebody owes, past its date."""

    assignment_id: UUID
    take_id: UUID
    reviewer: str
    presenter: str
    title: str
    since: datetime | None  # when it was submitted


@dataclass(frozen=True)
class Due:
    """A running drill that a rep is to do, and what they have submitted for it."""

    user_id: UUID
    name: str
    drill_id: UUID
    title: str
    due_on: date
    is_late: bool
    take_id: UUID | None  # the newest


@dataclass(frozen=True)
class LateDrill:
    drill_id: UUID
    title: str
    people: int


@dataclass(frozen=True)
class Raised:
    """Something that a presenter raised and nobody has answered: a flag or a dispute."""

    take_id: UUID
    at: datetime
    presenter: str
    by: str


@dataclass
class Overview:
    now: datetime
    rows: list[Row]
    late_reviews: list[Late]
    late_drills: list[LateDrill]
    fix_rates: list[FixRate]
    flags: list[Raised] = field(default_factory=list)
    disputes: list[Raised] = field(default_factory=list)

    @property
    def coached(self) -> list[Row]:
        return [row for row in self.rows if row.is_coached(self.now)]

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if row.waits]

    @property
    def takes_waiting(self) -> int:
        return sum(row.waits.count for row in self.rows if row.waits)

    @property
    def late(self) -> list[Row]:
        return [row for row in self.rows if row.late]

    @property
    def open_commitments(self) -> int:
        return sum(row.open_commitments for row in self.rows)

    @property
    def late_commitments(self) -> int:
        return sum(row.late_commitments for row in self.rows)

    @property
    def judged(self) -> int:
        return sum(rate.judged for rate in self.fix_rates)

    @property
    def fixed(self) -> int:
        return sum(rate.fixed for rate in self.fix_rates)

    @property
    def fix_percent(self) -> int | None:
        return round(100 * self.fixed / self.judged) if self.judged else None


def overview(session: Session, team_id: UUID) -> Overview:
    rows = _reps(session, team_id)
    _add_heard(session, team_id, rows)
    _add_waits(session, team_id, rows)
    late_drills = _add_drills(session, team_id, rows)
    _add_commitments(session, team_id, rows)
    _add_focuses(session, team_id, rows)
    return Overview(
        now=db.now(),
        rows=list(rows.values()),
        late_reviews=_late_reviews(session, team_id),
        late_drills=late_drills,
        fix_rates=proving.fix_rate(session, team_id, since=db.now() - PROVED_WITHIN),
        flags=_flags(session, team_id),
        disputes=_disputes(session, team_id),
    )


# --- what is behind a figure ----------------------------------------------------------------------


def reps_of(team_id: UUID) -> Select[UUID]:
    return _members(team_id, User.id)


def coached_takes_of(team_id: UUID) -> Select[UUID]:
    """The take of each rep that they were heard about last, as long as that is not long ago."""
    newest = _heard(team_id, Pitch.presenter_id, Review.published_at, Take.id).subquery()
    return select(newest.c.id).where(
        newest.c.published_at > db.now() - COACHED_WITHIN, newest.c.presenter_id.in_(reps_of(team_id))
    )


def drills_of(session: Session, team_id: UUID, user_id: UUID, *, late_only: bool = False) -> list[Due]:
    """What is set for a rep and running."""
    return [due for due in _due(session, team_id, User.id == user_id) if due.is_late or not late_only]


@dataclass(frozen=True)
class Overdue:
    """Reviews past their date, and by rep the drills they have submitted nothing for."""

    reviews: list[Late]
    drills: list[list[Due]]


def overdue(session: Session, team_id: UUID) -> Overdue:
    by_rep: dict[UUID, list[Due]] = defaultdict(list)
    for due in _due(session, team_id):
        if due.is_late:
            by_rep[due.user_id].append(due)
    return Overdue(_late_reviews(session, team_id), list(by_rep.values()))


# --- what each row says ---------------------------------------------------------------------------


def _reps(session: Session, team_id: UUID) -> dict[UUID, Row]:
    query = _members(team_id, User.id, User.name, Membership.created_at).order_by(func.lower(User.name))
    return {key: Row(key, name, joined) for key, name, joined in session.execute(query)}


def _members(team_id: UUID, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(User.memberships)
        .where(
            Membership.team_id == team_id,
            Membership.role == Role.REP,
            Membership.ended_at.is_(None),
            User.deactivated_at.is_(None),
        )
    )


def _submitted(team_id: UUID, *columns: Any) -> Select[Any]:
    """Columns of takes that the team's coaches see."""
    has_arrived = Take.recording.has(Recording.state != RecordingState.AWAITING_UPLOAD)
    return (
        select(*columns)
        .select_from(Take)
        .join(Pitch, Take.pitch_id == Pitch.id)
        .where(
            Pitch.team_id == team_id,
            Take.submitted_at.is_not(None),
            Take.deleted_at.is_(None),
            has_arrived,
        )
    )


def _add_heard(session: Session, team_id: UUID, rows: dict[UUID, Row]) -> None:
    query = _heard(team_id, Pitch.presenter_id, Review.published_at, User.name, Take.id)
    for presenter_id, at, by, take_id in session.execute(query):
        if presenter_id in rows:
            rows[presenter_id].heard = Heard(at, by, take_id)


def _heard(team_id: UUID, *columns: Any) -> Select[Any]:
    """Columns of the newest published review of each presenter."""
    return (
        _submitted(team_id, *columns)
        .join(Review, Review.take_id == Take.id)
        .join(User, Review.reviewer_id == User.id)
        .where(Review.state == ReviewState.PUBLISHED, Pitch.presenter_id.is_not(None))
        .ext(distinct_on(Pitch.presenter_id))
        .order_by(Pitch.presenter_id, Review.published_at.desc())
    )


def _add_waits(session: Session, team_id: UUID, rows: dict[UUID, Row]) -> None:
    reviewed = select(Review.id).where(Review.take_id == Take.id, Review.state == ReviewState.PUBLISHED)
    count = func.count().over(partition_by=Pitch.presenter_id)
    query = (
        _submitted(team_id, Pitch.presenter_id, Take.id, Take.submitted_at, count)
        .where(~reviewed.exists(), Pitch.presenter_id.is_not(None))
        .ext(distinct_on(Pitch.presenter_id))
        .order_by(Pitch.presenter_id, Take.submitted_at)
    )
    found = [row for row in session.execute(query) if row[0] in rows]
    on = _reviewers_of(session, [take_id for _, take_id, _, _ in found])
    for presenter_id, take_id, since, number in found:
        rows[presenter_id].waits = Waits(take_id, since, number, on[take_id])


def _reviewers_of(session: Session, take_ids: list[UUID]) -> dict[UUID, list[str]]:
    query = (
        select(Assignment.take_id, User.name)
        .join(Assignment.reviewer)
        .where(
            Assignment.take_id.in_(take_ids),
            Assignment.state == AssignmentState.OPEN,
            Assignment.origin != AssignmentOrigin.CHECK,
        )
        .order_by(Assignment.created_at)
    )
    names: dict[UUID, list[str]] = defaultdict(list)
    for take_id, name in session.execute(query):
        names[take_id].append(name)
    return names


def _add_drills(session: Session, team_id: UUID, rows: dict[UUID, Row]) -> list[LateDrill]:
    """Running drills of each rep; answers those that somebody is late with, the most people first."""
    late: dict[UUID, int] = defaultdict(int)
    titles: dict[UUID, str] = {}
    for due in _due(session, team_id):
        titles[due.drill_id] = due.title
        if row := rows.get(due.user_id):
            row.drills += 1
            row.late += due.is_late
            late[due.drill_id] += due.is_late
    found = [LateDrill(key, titles[key], number) for key, number in late.items() if number]
    return sorted(found, key=lambda drill: -drill.people)


def _due(session: Session, team_id: UUID, *conditions: ColumnElement[bool]) -> list[Due]:
    """Each running drill for each rep it is set for, the nearest date first."""
    # All of them at once: asked for each drill and rep it takes several times as long.
    done = (
        select(Take.drill_id, Pitch.presenter_id, Take.id.label("take_id"))
        .join(Pitch, Take.pitch_id == Pitch.id)
        .where(
            Pitch.team_id == team_id,
            Take.drill_id.is_not(None),
            Take.submitted_at.is_not(None),
            Take.deleted_at.is_(None),
        )
        .ext(distinct_on(Take.drill_id, Pitch.presenter_id))
        .order_by(Take.drill_id, Pitch.presenter_id, Take.submitted_at.desc())
        .subquery()
    )
    named = select(DrillPerson.user_id).where(DrillPerson.drill_id == Drill.id)
    # The day ends where the person is.
    due_at = func.timezone(User.time_zone, cast(Drill.due_on, Date) + cast(literal("1 day"), Interval))
    is_late = and_(due_at <= func.now(), done.c.take_id.is_(None))
    query = (
        select(User.id, User.name, Drill.id, Scenario.title, Drill.due_on, is_late, done.c.take_id)
        .join(Scenario, Drill.scenario_id == Scenario.id)
        .join(Membership, Membership.team_id == Drill.team_id)
        .join(User, Membership.user_id == User.id)
        .outerjoin(done, and_(done.c.drill_id == Drill.id, done.c.presenter_id == User.id))
        .where(
            Drill.team_id == team_id,
            Drill.closed_at.is_(None),
            or_(Drill.opens_at.is_(None), Drill.opens_at <= func.now()),
            Membership.role == Role.REP,
            Membership.ended_at.is_(None),
            User.deactivated_at.is_(None),
            or_(Drill.for_team, User.id.in_(named)),
            *conditions,
        )
        .order_by(Drill.due_on, func.lower(User.name), Drill.id)
    )
    return [Due(*row) for row in session.execute(query)]


def _add_commitments(session: Session, team_id: UUID, rows: dict[UUID, Row]) -> None:
    is_open = Commitment.state.in_(OPEN_COMMITMENTS)
    query = (
        select(
            Commitment.user_id,
            func.count().filter(is_open),
            func.count().filter(and_(is_open, Commitment.due_on < func.current_date())),
            func.count().filter(Commitment.state == CommitmentState.FIXED),
        )
        .where(Commitment.team_id == team_id)
        .group_by(Commitment.user_id)
    )
    for user_id, still_open, late, fixed in session.execute(query):
        if user_id in rows:
            row = rows[user_id]
            row.open_commitments, row.late_commitments, row.fixed = still_open, late, fixed


def _add_focuses(session: Session, team_id: UUID, rows: dict[UUID, Row]) -> None:
    query = (
        select(Focus.user_id, Criterion.name, Criterion.line_id, Focus.since)
        .join(Focus.criterion)
        .where(Focus.team_id == team_id, Focus.ended_at.is_(None))
    )
    for user_id, name, line_id, since in session.execute(query):
        if user_id in rows:
            row = rows[user_id]
            row.focus, row.focus_line_id, row.focus_since = name, line_id, since


def _late_reviews(session: Session, team_id: UUID) -> list[Late]:
    """Assignments past their date, the oldest first."""
    presenter = aliased(User)
    query = (
        select(Assignment, User.name, presenter.name, Pitch.presenter_name, Scenario.title, Take.submitted_at)
        .join(Assignment.take)
        .join(Take.pitch)
        .join(Pitch.scenario)
        .join(Assignment.reviewer)
        .outerjoin(presenter, Pitch.presenter_id == presenter.id)
        .where(
            Pitch.team_id == team_id,
            Take.submitted_at.is_not(None),
            Assignment.state == AssignmentState.OPEN,
            Assignment.origin != AssignmentOrigin.CHECK,
            Assignment.leased_until < func.now(),
        )
        .order_by(Assignment.leased_until)
    )
    return [
        Late(one.id, one.take_id, by, name or guest or "", title, since)
        for one, by, name, guest, title, since in session.execute(query)
    ]


def _flags(session: Session, team_id: UUID) -> list[Raised]:
    query = (
        select(Take.id, Flag.raised_at, User.name)
        .select_from(Flag)
        .join(Flag.comment)
        .join(Take, Comment.take_id == Take.id)
        .join(Take.pitch)
        .join(Flag.raised_by)
        .where(
            Pitch.team_id == team_id,
            Flag.settled_at.is_(None),
            Comment.deleted_at.is_(None),
            Take.submitted_at.is_not(None),
        )
        .order_by(Flag.raised_at)
        .limit(20)
    )
    return [Raised(take_id, at, name, "") for take_id, at, name in session.execute(query)]


def _disputes(session: Session, team_id: UUID) -> list[Raised]:
    reviewer = aliased(User)
    query = (
        select(Take.id, Dispute.raised_at, User.name, reviewer.name)
        .select_from(Dispute)
        .join(Dispute.review)
        .join(Review.take)
        .join(Take.pitch)
        .join(Dispute.raised_by)
        .join(reviewer, Review.reviewer_id == reviewer.id)
        .where(
            Pitch.team_id == team_id,
            Dispute.answered_at.is_(None),
            Review.state == ReviewState.PUBLISHED,
            Take.submitted_at.is_not(None),
        )
        .order_by(Dispute.raised_at)
        .limit(20)
    )
    return [Raised(*row) for row in session.execute(query)]
