"""Setting one's eye: scoring a take that an expert has scored, then seeing how far apart one was, and why.

Whoever is close enough on two of them is calibrated for 90 days. Managers are, and who set a standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Calibration,
    CalibrationScore,
    Criterion,
    Level,
    Membership,
    Review,
    Role,
    Standard,
    Take,
    Team,
    User,
)

# In levels: the mean distance over all criteria, and the largest on one of them.
CLOSE_ENOUGH = 0.75
NEVER_FURTHER_THAN = 1
ENOUGH_STANDARDS = 2
VALID_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """A criterion: what the expert gave and why, and what somebody else gave."""

    criterion: Criterion
    expected: Level
    reason: str
    given: Level | None

    @property
    def difference(self) -> int:
        """In levels; above 0 is more generous than the expert."""
        return 0 if self.given is None else self.given.value - self.expected.value


def lines_of(standard: Standard, given: Mapping[UUID, Level]) -> list[Line]:
    """The criteria of a standard beside what somebody gave for each line of the rubric, in its order.

    A line is the same in every version of a rubric, so that a review by a newer one compares as well.
    """
    expected = {score.criterion_id: score for score in standard.scores}
    return [
        Line(each, expected[each.id].level, expected[each.id].reason, given.get(each.line_id))
        for each in standard.rubric.criteria
        if each.id in expected
    ]


def measure(calibration: Calibration, lines: list[Line]) -> None:
    """How near it was, over the criteria that were scored."""
    differences = [line.difference for line in lines if line.given is not None]
    if differences:
        calibration.distance = sum(map(abs, differences)) / len(differences)
        calibration.bias = sum(differences) / len(differences)
        calibration.widest = max(map(abs, differences))


# --- scoring a standard -------------------------------------------------------------------------------


def living(team_id: UUID) -> Select[Standard]:
    """Standards of a team whose take still stands."""
    return (
        select(Standard)
        .join(Standard.take)
        .where(
            Standard.team_id == team_id,
            Standard.retired_at.is_(None),
            Take.deleted_at.is_(None),
            Take.submitted_at.is_not(None),
        )
    )


def standards_for(session: Session, team_id: UUID) -> list[Standard]:
    """Those against which one sets one's eye, oldest first; silent checks are not among them."""
    query = living(team_id).where(~Standard.is_check).order_by(Standard.created_at)
    return list(session.scalars(query))


def score(session: Session, standard: Standard, user: User, levels: Mapping[UUID, UUID]) -> Calibration:
    """Everything somebody gave for a standard, by criterion; another try is a new one."""
    criteria = standard.rubric.criteria
    chosen = {each: next((x for x in each.levels if x.id == levels.get(each.id)), None) for each in criteria}
    if None in chosen.values():
        raise InvalidInput("Give a level for every criterion.", field="levels")
    calibration = Calibration(
        standard=standard,
        user=user,
        attempt=1 + _attempts(session, standard, user),
        finished_at=db.now(),
        scores=[CalibrationScore(criterion=each, level=level) for each, level in chosen.items()],
    )
    measure(calibration, lines_of(standard, given_in(calibration)))
    session.add(calibration)
    session.flush()
    return calibration


def _attempts(session: Session, standard: Standard, user: User) -> int:
    # The lock on the person keeps two tabs from making the same attempt twice.
    session.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    query = select(func.max(Calibration.attempt)).where(
        Calibration.standard_id == standard.id, Calibration.user_id == user.id
    )
    return session.scalar(query) or 0


def given_in(calibration: Calibration) -> dict[UUID, Level]:
    return {score.criterion.line_id: score.level for score in calibration.scores}


def is_close(calibration: Calibration) -> bool:
    return (
        calibration.distance is not None
        and calibration.widest is not None
        and calibration.distance <= CLOSE_ENOUGH
        and calibration.widest <= NEVER_FURTHER_THAN
    )


def tries_of(session: Session, user: User, team_id: UUID) -> dict[UUID, Calibration]:
    """By standard: the last time that somebody scored it."""
    query = (
        select(Calibration)
        .join(Calibration.standard)
        .where(Standard.team_id == team_id, Calibration.user_id == user.id, ~Calibration.is_silent)
        .order_by(Calibration.attempt)
    )
    return {each.standard_id: each for each in session.scalars(query)}


# --- who is calibrated --------------------------------------------------------------------------------


def is_asked(session: Session, team: Team) -> bool:
    """The rule holds as soon as there are standards enough to pass it."""
    return team.asks_calibration and len(standards_for(session, team.id)) >= ENOUGH_STANDARDS


def calibrated_in(session: Session, team: Team) -> set[UUID]:
    """Everybody of the team whose eye is set."""
    managers = select(Membership.user_id).where(
        Membership.team_id == team.id, Membership.ended_at.is_(None), Membership.role == Role.MANAGER
    )
    setters = living(team.id).where(Standard.set_by_id.is_not(None)).with_only_columns(Standard.set_by_id)
    passed = _passes(team.id).group_by(Calibration.user_id).with_only_columns(Calibration.user_id)
    passed = passed.having(func.count(Calibration.standard_id.distinct()) >= ENOUGH_STANDARDS)
    return {each for each in session.scalars(managers.union(setters, passed)) if each is not None}


def valid_until(session: Session, user: User, team: Team) -> datetime | None:
    """Until when two passes hold; None where they do not."""
    query = (
        _passes(team.id)
        .where(Calibration.user_id == user.id)
        .group_by(Calibration.standard_id)
        .with_only_columns(func.max(Calibration.finished_at))
    )
    passes = sorted((at for at in session.scalars(query) if at is not None), reverse=True)
    return passes[ENOUGH_STANDARDS - 1] + VALID_FOR if len(passes) >= ENOUGH_STANDARDS else None


def _passes(team_id: UUID) -> Select[Calibration]:
    return (
        select(Calibration)
        .join(Calibration.standard)
        .where(
            Standard.team_id == team_id,
            ~Calibration.is_silent,
            Calibration.finished_at > db.now() - VALID_FOR,
            Calibration.distance <= CLOSE_ENOUGH,
            Calibration.widest <= NEVER_FURTHER_THAN,
        )
    )


class NotCalibrated(InvalidState):
    """Their team asks coaches to set their eye first; what they wrote waits for that."""


def check_may_publish(session: Session, review: Review) -> None:
    """Coaches set their eye first, where their team asks for it; what they wrote waits for them."""
    pitch, reviewer = review.take.pitch, review.reviewer
    team = session.get_one(Team, pitch.team_id)
    if reviewer.role_in(team) is not Role.COACH or not is_asked(session, team):
        return
    if reviewer.id not in calibrated_in(session, team):
        raise NotCalibrated(
            "Your review is kept. Before it goes out, set your eye on two takes under Review, Calibration;"
            " that takes a few minutes."
        )
