"""Who in a team can review now, and how much each of them has on the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, contains_eager

from pitchreview import db
from pitchreview.actions import calibrating
from pitchreview.actions.fairness import Reviewer
from pitchreview.models import (
    Absence,
    Assignment,
    AssignmentState,
    Conflict,
    Membership,
    Pitch,
    Role,
    Take,
    Team,
    User,
)

# What somebody did lately counts half of what they still have to do.
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Staff:
    """A team as far as reviews go."""

    team: Team
    roles: Mapping[UUID, Role]
    reviewers: Mapping[UUID, Reviewer]  # those who are here and have minutes
    calibrated: frozenset[UUID]
    conflicts: frozenset[tuple[UUID, UUID]]
    asks_calibration: bool

    def may_meet(self, one: UUID, other: UUID) -> bool:
        return one != other and (min(one, other), max(one, other)) not in self.conflicts

    def with_role(self, role: Role) -> list[UUID]:
        return [person for person, has in self.roles.items() if has is role]


def staff_of(session: Session, team: Team) -> Staff:
    members = members_of(session, team.id)
    away = away_today(session, [member.user for member in members])
    loads = loads_of(session, team.id)
    able = [member for member in members if member.weekly_minutes > 0 and member.user_id not in away]
    conflicts = session.execute(select(Conflict.one_id, Conflict.other_id).where(Conflict.team_id == team.id))
    return Staff(
        team=team,
        roles={member.user_id: member.role for member in members},
        reviewers={
            member.user_id: Reviewer(member.user_id, member.weekly_minutes, loads.get(member.user_id, 0))
            for member in able
        },
        calibrated=frozenset(calibrating.calibrated_in(session, team)),
        conflicts=frozenset((one, other) for one, other in conflicts),
        asks_calibration=calibrating.is_asked(session, team),
    )


def members_of(session: Session, team_id: UUID) -> list[Membership]:
    """Who belongs to the team and has an account that is open."""
    query = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(Membership.team_id == team_id, Membership.ended_at.is_(None), User.deactivated_at.is_(None))
        .order_by(User.name)
    )
    return list(session.scalars(query))


def away_today(session: Session, people: list[User]) -> set[UUID]:
    """Who has a day off now, where they are."""
    zones = {person.id: ZoneInfo(person.time_zone) for person in people}
    days = session.scalars(select(Absence).where(Absence.user_id.in_(zones)))
    now = db.now()
    return {
        day.user_id
        for day in days
        if day.from_on <= now.astimezone(zones[day.user_id]).date() <= day.until_on
    }


def loads_of(session: Session, team_id: UUID) -> dict[UUID, float]:
    """By person: the minutes that wait for them, and half of what they did lately."""
    is_open = Assignment.state == AssignmentState.OPEN
    is_done_lately = (Assignment.state == AssignmentState.DONE) & (Assignment.ended_at > db.now() - LATELY)
    query = (
        select(Assignment.reviewer_id, func.sum(case((is_open, 1.0), else_=0.5) * Assignment.minutes))
        .join(Assignment.take)
        .join(Take.pitch)
        .where(Pitch.team_id == team_id, is_open | is_done_lately)
        .group_by(Assignment.reviewer_id)
    )
    return {reviewer_id: float(minutes) for reviewer_id, minutes in session.execute(query)}
