"""Which drills somebody has, which one a take is for, and how far people are."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pitchreview import db
from pitchreview.models import Drill, Membership, Pitch, Role, Take, User
from pitchreview.permissions import drills_visible_to


def live_drill(session: Session, scenario_id: UUID, person: User) -> Drill | None:
    """The drill for which the next take of this scenario counts.

    What is still to be done comes first: what can be in time before what is overdue, the nearest date first.
    When all is done it is the last one: a take there is swapped, or opens the next round.
    """
    now = db.now()
    query = drills_visible_to(person).where(Drill.scenario_id == scenario_id, Drill.closed_at.is_(None))
    mine = [
        drill
        for drill in session.scalars(query.order_by(Drill.due_at, Drill.id))
        if is_for(drill, person) and drill.is_live(now)
    ]
    done = done_among(session, mine, person)
    open_ones = [drill for drill in mine if drill.id not in done]
    open_ones.sort(key=lambda drill: (drill.due_for(person) <= now, drill.due_at))
    return next(iter(open_ones), None) or (mine[-1] if mine else None)


def is_for(drill: Drill, person: User) -> bool:
    """Is it set for this person? Those who coach may do it as well, to show how they would."""
    return drill.for_team or any(one.user_id == person.id for one in drill.people)


def counts_first(session: Session, drill: Drill, person: User) -> bool:
    """Is the next take of this person submitted as soon as it is finished?"""
    return not drill.practice_allowed and drill.id not in done_among(session, [drill], person)


def open_for(session: Session, person: User, team_id: UUID) -> list[tuple[Drill, bool]]:
    """What a person has to do in a team, the nearest date first, and whether it is done.

    Those who coach find here what is set for the team, too: they may show how they do it.
    """
    now = db.now()
    query = (
        drills_visible_to(person)
        .where(Drill.team_id == team_id, Drill.closed_at.is_(None))
        .options(joinedload(Drill.scenario), selectinload(Drill.people), joinedload(Drill.series))
        .order_by(Drill.due_at, Drill.id)
    )
    mine = [drill for drill in session.scalars(query) if is_for(drill, person) and drill.is_live(now)]
    done = done_among(session, mine, person)
    return [(drill, drill.id in done) for drill in mine]


def done_among(session: Session, drills: Iterable[Drill], person: User) -> set[UUID]:
    """Of these drills those for which the person has submitted a take."""
    query = _counted([drill.id for drill in drills]).where(Pitch.presenter_id == person.id)
    found = session.scalars(query.with_only_columns(Take.drill_id))
    return {drill_id for drill_id in found if drill_id is not None}


def done_by(session: Session, drill: Drill) -> set[UUID]:
    """Who has submitted a take for it."""
    query = _counted([drill.id]).with_only_columns(Pitch.presenter_id)
    return {person_id for person_id in session.scalars(query) if person_id is not None}


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
    query = _counted([drill.id]).options(joinedload(Take.pitch).joinedload(Pitch.presenter))
    return list(session.scalars(query.order_by(Take.submitted_at.desc())))


def progress_of(session: Session, team_id: UUID, drills: list[Drill]) -> dict[UUID, tuple[int, int]]:
    """By drill of a team: how many of its people have submitted a take, and how many there are."""
    members = (
        select(Membership.user_id, Membership.role)
        .join(Membership.user)
        .where(Membership.team_id == team_id, Membership.ended_at.is_(None), User.deactivated_at.is_(None))
    )
    roles: dict[UUID, Role] = {user_id: role for user_id, role in session.execute(members)}
    reps = {user_id for user_id, role in roles.items() if role is Role.REP}
    done: dict[UUID | None, set[UUID | None]] = defaultdict(set)
    submitted = _counted([drill.id for drill in drills])
    for drill_id, user_id in session.execute(submitted.with_only_columns(Take.drill_id, Pitch.presenter_id)):
        done[drill_id].add(user_id)
    found = {}
    for drill in drills:
        people = reps if drill.for_team else {one.user_id for one in drill.people} & roles.keys()
        found[drill.id] = (len(people & done[drill.id]), len(people))
    return found


def _counted(drill_ids: list[UUID]) -> Select[Take]:
    return (
        select(Take)
        .join(Take.pitch)
        .where(Take.drill_id.in_(drill_ids), Take.submitted_at.is_not(None), Take.deleted_at.is_(None))
    )
