"""Silent checks: a standard that comes into the queue of a coach like any other take.

What they say of it never goes out, and how near they were only they themselves learn. A manager reads no more
than the mean of a team, and that only where it tells of nobody.
"""

from random import Random
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import calibrating
from pitchreview.actions.capacity import Staff
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Calibration,
    CalibrationScore,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Role,
    Standard,
    StandardScore,
    Take,
    User,
)

# A mean of fewer people would tell of one of them.
FEWEST_FOR_A_MEAN = 5


def standard_to_slip_in(session: Session, staff: Staff, take: Take, reviewer: User) -> Standard | None:
    """Now and then one joins what a calibrated coach is given: never the same twice, never their own."""
    is_coach = staff.roles.get(reviewer.id) is Role.COACH
    if not is_coach or reviewer.id not in staff.calibrated or not _is_time(staff, take, reviewer):
        return None
    presenters = _unmet_standards(session, staff, reviewer)
    return next(
        (each for each in presenters if _may_meet(staff, reviewer, each.take.pitch.presenter_id)), None
    )


def _is_time(staff: Staff, take: Take, reviewer: User) -> bool:
    """As often as the team wants; chance falls the same way when a job runs again."""
    return Random(f"check:{take.id}:{reviewer.id}").random() * 100 < staff.team.check_percent


def _may_meet(staff: Staff, reviewer: User, presenter_id: UUID | None) -> bool:
    return presenter_id is None or staff.may_meet(reviewer.id, presenter_id)


def _unmet_standards(session: Session, staff: Staff, reviewer: User) -> list[Standard]:
    had = exists().where(Assignment.take_id == Take.id, Assignment.reviewer_id == reviewer.id)
    reviewed = exists().where(Review.take_id == Take.id, Review.reviewer_id == reviewer.id)
    scored = exists().where(Calibration.standard_id == Standard.id, Calibration.user_id == reviewer.id)
    query = (
        calibrating.living(staff.team.id)
        .join(Take.recording)
        .where(
            Standard.is_check,
            or_(Standard.set_by_id.is_(None), Standard.set_by_id != reviewer.id),
            Recording.state.in_([RecordingState.PLAYABLE, RecordingState.READY]),
            exists().where(StandardScore.standard_id == Standard.id),
            ~had,
            ~reviewed,
            ~scored,
        )
        .order_by(Standard.created_at)
    )
    return list(session.scalars(query))


def finish(session: Session, review: Review) -> bool:
    """Was this review a check? Then it is finished here, and nothing of it goes out."""
    assignment = check_of(session, review.take_id, review.reviewer_id)
    if assignment is None or assignment.standard is None:
        return False
    if review.state is ReviewState.CHECKED:
        return True
    review.state = ReviewState.CHECKED
    if assignment.is_open:
        assignment.end(AssignmentState.DONE, db.now())
    session.add(_compared(assignment.standard, review))
    session.flush()
    return True


def check_of(session: Session, take_id: UUID, reviewer_id: UUID) -> Assignment | None:
    """However it ended: what was said as a check stays one."""
    query = select(Assignment).where(
        Assignment.take_id == take_id,
        Assignment.reviewer_id == reviewer_id,
        Assignment.origin == AssignmentOrigin.CHECK,
    )
    return session.scalar(query.limit(1))


def _compared(standard: Standard, review: Review) -> Calibration:
    calibration = Calibration(
        standard=standard,
        user=review.reviewer,
        is_silent=True,
        finished_at=db.now(),
        scores=[CalibrationScore(criterion=each.criterion, level=each.level) for each in review.scores],
    )
    calibrating.measure(calibration, calibrating.lines_of(standard, calibrating.given_in(calibration)))
    return calibration


def result_of(session: Session, review: Review) -> Calibration | None:
    """How near a check was, for its reviewer alone."""
    query = (
        select(Calibration)
        .join(Calibration.standard)
        .where(
            Standard.take_id == review.take_id,
            Calibration.user_id == review.reviewer_id,
            Calibration.is_silent,
        )
    )
    return session.scalar(query.limit(1))


def mean_of_team(session: Session, team_id: UUID) -> float | None:
    """How far apart the team is from its experts; None while it would tell of somebody."""
    query = (
        select(func.avg(Calibration.distance), func.count(Calibration.user_id.distinct()))
        .join(Calibration.standard)
        .where(
            Standard.team_id == team_id,
            Calibration.is_silent,
            Calibration.finished_at > db.now() - calibrating.VALID_FOR,
        )
    )
    mean, people = session.execute(query).one()
    return float(mean) if mean is not None and people >= FEWEST_FOR_A_MEAN else None
