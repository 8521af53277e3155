"""Who has how much time for reviews, when they are away, and who does not review whom."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from pitchreview.actions import calibrating
from pitchreview.errors import InvalidInput
from pitchreview.models import Absence, Conflict, Membership, Team, User

MOST_MINUTES = 2400
MOST_PERCENT = 25
# Days off are planned, not forgotten.
LONGEST_ABSENCE = timedelta(days=366)


def set_minutes(membership: Membership, minutes: int | None) -> None:
    """For reviews, in a week; with 0 nobody asks them."""
    if minutes is None or not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInput("Choose a number of minutes from 0 to 2400.", field="weekly_minutes")
    membership.weekly_minutes = minutes


def add_absence(session: Session, user: User, from_on: date | None, until_on: date | None) -> Absence:
    if from_on is None:
        raise InvalidInput("Choose the first day.", field="from_on")
    until_on = until_on or from_on
    if until_on < from_on:
        raise InvalidInput("The last day comes after the first.", field="until_on")
    if until_on - from_on > LONGEST_ABSENCE:
        raise InvalidInput("That is longer than a year.", field="until_on")
    absence = Absence(user=user, from_on=from_on, until_on=until_on)
    session.add(absence)
    session.flush()
    return absence


def absences_of(session: Session, users: list[User], today: date) -> dict[UUID, list[Absence]]:
    """By person: the days off that are not over."""
    found: dict[UUID, list[Absence]] = {user.id: [] for user in users}
    query = select(Absence).where(Absence.user_id.in_(found), Absence.until_on >= today)
    for absence in session.scalars(query.order_by(Absence.from_on)):
        found[absence.user_id].append(absence)
    return found


def drop_absence(session: Session, user: User, absence_id: UUID) -> None:
    session.execute(delete(Absence).where(Absence.id == absence_id, Absence.user_id == user.id))


def conflicts_in(session: Session, team: Team) -> list[Conflict]:
    both = joinedload(Conflict.one), joinedload(Conflict.other)
    query = select(Conflict).where(Conflict.team_id == team.id).options(*both)
    return list(session.scalars(query.order_by(Conflict.created_at)))


def add_conflict(session: Session, team: Team, one: UUID | None, other: UUID | None) -> None:
    """From now on these two do not review each other."""
    members = select(Membership.user_id).where(
        Membership.team_id == team.id, Membership.user_id.in_([one, other]), Membership.ended_at.is_(None)
    )
    if one is None or other is None or one == other or len(session.scalars(members).all()) != 2:
        raise InvalidInput("Choose two people of the team.", field="other")
    low, high = sorted((one, other))
    known = select(Conflict.id).where(
        Conflict.team_id == team.id, Conflict.one_id == low, Conflict.other_id == high
    )
    if session.scalar(known) is None:
        session.add(Conflict(team_id=team.id, one_id=low, other_id=high))
        session.flush()


def drop_conflict(session: Session, team: Team, conflict_id: UUID) -> None:
    session.execute(delete(Conflict).where(Conflict.id == conflict_id, Conflict.team_id == team.id))


def set_rules(session: Session, team: Team, *, asks_calibration: bool, check_percent: int | None) -> None:
    """Whether coaches set their eye before they publish, and how often it is checked."""
    if check_percent is None or not 0 <= check_percent <= MOST_PERCENT:
        raise InvalidInput("Choose a number from 0 to 25.", field="check_percent")
    enough = calibrating.ENOUGH_STANDARDS
    if asks_calibration and len(calibrating.standards_for(session, team.id)) < enough:
        raise InvalidInput(
            "Make two standards first: coaches set their eye by them.", field="asks_calibration"
        )
    team.asks_calibration, team.check_percent = asks_calibration, check_percent
