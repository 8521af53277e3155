"""Which drills somebody has, and how far they are."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Drill, Membership, Role, Take, User
from pitchreview.permissions import drills_visible_to


def live_drill(session: Session, scenario_id: UUID, person: User) -> Drill | None:
    """The open drill of this scenario that the person works on: the nearest date first."""
    now = db.now()
    query = (
        drills_visible_to(person)
        .where(Drill.scenario_id == scenario_id, Drill.closed_at.is_(None))
        .order_by(Drill.due_at)
    )
    return next(
        (drill for drill in session.scalars(query) if is_for(drill, person) and drill.is_live(now)), None
    )


def is_for(drill: Drill, person: User) -> bool:
    """Is it set for this person? Those who coach may do it as well, to show how they would."""
    return drill.for_team or any(one.user_id == person.id for one in drill.people)


def people_of(session: Session, drill: Drill) -> list[User]:
    """Who is to do it: the reps of the team, or the people it is set for who still belong to the team."""
    members = (
        select(User)
        .join(User.memberships)
        .where(
            Membership.team_id == drill.team_id, Membership.ended_at.is_(None), User.deactivated_at.is_(None)
        )
        .order_by(User.name)
    )
    if drill.for_team:
        return list(session.scalars(members.where(Membership.role == Role.REP)))
    return list(session.scalars(members.where(User.id.in_([one.user_id for one in drill.people]))))


def takes_of(session: Session, drill: Drill) -> list[Take]:
    """What was submitted for it, the newest of each person first."""
    query = select(Take).where(
        Take.drill_id == drill.id, Take.submitted_at.is_not(None), Take.deleted_at.is_(None)
    )
    return list(session.scalars(query.order_by(Take.submitted_at.desc())))
