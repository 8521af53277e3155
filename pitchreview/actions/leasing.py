"""A take is somebody's for a while: reminded once, then handed on, so that nobody waits for one who forgot.

1. A day before its time is over they are reminded, once.
2. Whoever has begun to write gets two days more, once.
3. Then somebody else has it; where nobody else can, it stays with them.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import assigning, telling
from pitchreview.models import (
    Assignment,
    AssignmentState,
    Membership,
    NotificationKind,
    Pitch,
    Review,
    ReviewState,
    Take,
    User,
)

REMINDED_BEFORE = timedelta(days=1)
EXTENSION = timedelta(days=2)


def sweep(session: Session, team_id: UUID) -> None:
    """Whatever the people of a team did not end themselves."""
    assigning.hold_still(session, team_id)
    is_gone = or_(Take.deleted_at.is_not(None), Take.submitted_at.is_(None))
    for assignment in _open(session, team_id, is_gone):
        assignment.end(AssignmentState.DROPPED, db.now())
    for assignment in _open(session, team_id, ~_has_reviewer()):
        assigning.drop(session, assignment)
    for assignment in _open(session, team_id, Assignment.leased_until <= db.now()):
        _run_out(session, assignment)
    is_due = Assignment.leased_until <= db.now() + REMINDED_BEFORE
    for assignment in _open(session, team_id, is_due, Assignment.reminded_at.is_(None)):
        _remind(session, assignment)


def _open(session: Session, team_id: UUID, *conditions: ColumnElement[bool]) -> list[Assignment]:
    query = (
        select(Assignment)
        .join(Assignment.take)
        .join(Take.pitch)
        .where(Pitch.team_id == team_id, Assignment.state == AssignmentState.OPEN, *conditions)
        .order_by(Assignment.leased_until, Assignment.id)
    )
    return list(session.scalars(query))


def _has_reviewer() -> ColumnElement[bool]:
    """Its reviewer still belongs to the team."""
    return exists().where(
        Membership.user_id == Assignment.reviewer_id,
        Membership.team_id == Pitch.team_id,
        Membership.ended_at.is_(None),
        User.id == Assignment.reviewer_id,
        User.deactivated_at.is_(None),
    )


def _run_out(session: Session, assignment: Assignment) -> None:
    if _was_extended(assignment) or not _has_begun(session, assignment):
        assigning.hand_on(session, assignment)
    else:
        assignment.leased_until = db.now() + EXTENSION


def _was_extended(assignment: Assignment) -> bool:
    first = assigning.lease_of(assignment.origin)
    return assignment.leased_until - assignment.created_at >= first + EXTENSION


def _has_begun(session: Session, assignment: Assignment) -> bool:
    query = select(Review.id).where(
        Review.take_id == assignment.take_id,
        Review.reviewer_id == assignment.reviewer_id,
        Review.state == ReviewState.DRAFT,
    )
    return session.scalar(query) is not None


def _remind(session: Session, assignment: Assignment) -> None:
    assignment.reminded_at = db.now()
    telling.tell(session, assignment.reviewer, NotificationKind.REVIEW_DUE, take=assignment.take)
