"""A take becomes somebody's to review, and goes on to somebody else when they cannot.

Many are shared out at once by the worker (`sharing_out`); a single one that is handed on finds its next
reviewer here, at once. Whoever gives takes out holds the team's row, so that nothing is given twice.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from pitchreview import db, queue
from pitchreview.actions import capacity, checking, seats, telling
from pitchreview.actions.capacity import Staff
from pitchreview.actions.fairness import Wanted, fairest
from pitchreview.errors import InvalidState
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Conflict,
    Membership,
    NotificationKind,
    Pitch,
    Review,
    ReviewersFrom,
    ReviewState,
    Role,
    Take,
    Team,
    User,
)
from pitchreview.queue import Task

LEASE = timedelta(days=3)
# When levels differ, the presenter waits for one more voice.
SHORT_LEASE = timedelta(hours=48)
# A take that does not play yet is shared out a little later; the sweep catches what takes longer.
PLAYS_AFTER_SECONDS = 60


def lease_of(origin: AssignmentOrigin) -> timedelta:
    return SHORT_LEASE if origin is AssignmentOrigin.SPREAD else LEASE


# --- giving out ---------------------------------------------------------------------------------------


def ask_for_reviewers(session: Session, take: Take) -> None:
    """A take was submitted: where its drill shares reviews out, the worker does so."""
    if take.drill is None or take.drill.reviewers_from is ReviewersFrom.POOL:
        return
    wait = 0 if take.recording.is_playable else PLAYS_AFTER_SECONDS
    share_out_soon(session, take.pitch.team_id, in_seconds=wait)


def share_out_soon(session: Session, team_id: UUID, *, in_seconds: int = 0) -> None:
    queue.defer(
        session, Task.SHARE_OUT, once=f"share_out:{team_id}", in_seconds=in_seconds, team_id=str(team_id)
    )


def hold_still(session: Session, team_id: UUID) -> Team:
    """Wait for whoever else gives out takes of this team."""
    # Rows that only refer to the team are not held up.
    query = select(Team).where(Team.id == team_id).with_for_update(key_share=True)
    return session.execute(query).scalar_one()


def give_all(session: Session, staff: Staff, pairs: Iterable[tuple[UUID, UUID]]) -> list[Assignment]:
    """What was shared out, as (take, reviewer); some bring a silent check along."""
    pairs = list(pairs)
    # Read at once and held here: hundreds are given in one go.
    whole = joinedload(Take.pitch), joinedload(Take.recording)
    wanted = select(Take).where(Take.id.in_([take_id for take_id, _ in pairs])).options(*whole)
    takes = {take.id: take for take in session.scalars(wanted)}
    people = select(User).where(User.id.in_([reviewer_id for _, reviewer_id in pairs]))
    reviewers = {reviewer.id: reviewer for reviewer in session.scalars(people)}
    given = []
    for take, reviewer in ((takes[take_id], reviewers[reviewer_id]) for take_id, reviewer_id in pairs):
        given.append(_write(session, take, reviewer, AssignmentOrigin.SHARED_OUT))
        check = checking.standard_to_slip_in(session, staff, take, reviewer)
        if check is not None:
            given.append(_write(session, check.take, reviewer, AssignmentOrigin.CHECK))
            given[-1].standard = check
    session.flush()
    for each in given:
        telling.tell(session, each.reviewer, NotificationKind.ASSIGNED, take=each.take)
    return given


def _give(session: Session, take: Take, reviewer: User, origin: AssignmentOrigin) -> Assignment:
    given = _write(session, take, reviewer, origin)
    session.flush()
    if origin is not AssignmentOrigin.PICKED:
        telling.tell(session, reviewer, NotificationKind.ASSIGNED, take=take)
    return given


def _write(session: Session, take: Take, reviewer: User, origin: AssignmentOrigin) -> Assignment:
    given = Assignment(
        take=take,
        reviewer=reviewer,
        drill_id=take.drill_id,
        origin=origin,
        minutes=take.minutes_to_review,
        leased_until=db.now() + lease_of(origin),
    )
    session.add(given)
    return given


def ask_one_more(
    session: Session, take: Take, origin: AssignmentOrigin = AssignmentOrigin.SPREAD
) -> Assignment | None:
    """One review more than the drill asks for, once; None where nobody can."""
    team = hold_still(session, take.pitch.team_id)
    asked = exists().where(Assignment.take_id == take.id, Assignment.origin == origin)
    if session.scalar(select(asked)):
        return None
    staff = capacity.staff_of(session, team)
    return _give_fairly(session, staff, seats.one_more(session, staff, take), origin)


def _give_fairly(
    session: Session, staff: Staff, wanted: Wanted | None, origin: AssignmentOrigin
) -> Assignment | None:
    reviewer_id = wanted and fairest(wanted, staff.reviewers, db.now())
    if wanted is None or reviewer_id is None:
        return None
    take, reviewer = session.get_one(Take, wanted.take_id), session.get_one(User, reviewer_id)
    return _give(session, take, reviewer, origin)


# --- picking --------------------------------------------------------------------------------------------


def pick(session: Session, take: Take, reviewer: User) -> Assignment:
    """Take one from the pool; from then on it is theirs for three days."""
    hold_still(session, take.pitch.team_id)
    mine = open_assignment(session, take, reviewer)
    if mine is not None:
        return mine
    if session.scalar(select(Pitch.id).where(Pitch.id == take.pitch_id, should_not_meet(reviewer))):
        raise InvalidState("This take is for somebody else to review.")
    if claims_on(session, take, but=reviewer) >= seats.needed_for(take.drill):
        raise InvalidState("Somebody was quicker: this take has its reviewer.")
    return _give(session, take, reviewer, AssignmentOrigin.PICKED)


def should_not_meet(reviewer: User) -> ColumnElement[bool]:
    """This reviewer and whoever presents a pitch; managers say so."""
    return exists().where(
        Conflict.team_id == Pitch.team_id,
        or_(
            and_(Conflict.one_id == reviewer.id, Conflict.other_id == Pitch.presenter_id),
            and_(Conflict.other_id == reviewer.id, Conflict.one_id == Pitch.presenter_id),
        ),
    )


def open_assignment(session: Session, take: Take, reviewer: User) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(
            Assignment.take_id == take.id,
            Assignment.reviewer_id == reviewer.id,
            Assignment.state == AssignmentState.OPEN,
        )
    )


def claims_on(session: Session, take: Take, *, but: User) -> int:
    """How many others have it or have reviewed it."""
    held = select(Assignment.reviewer_id).where(
        Assignment.take_id == take.id, Assignment.state == AssignmentState.OPEN
    )
    given = select(Review.reviewer_id).where(Review.take_id == take.id, Review.state == ReviewState.PUBLISHED)
    people = held.union(given).subquery()
    query = select(func.count()).select_from(people).where(people.c.reviewer_id != but.id)
    return session.scalar(query) or 0


# --- the end of one ---------------------------------------------------------------------------------------


def reviewed(session: Session, review: Review) -> None:
    """A review was published: whoever had it in the queue is done."""
    found = open_assignment(session, review.take, review.reviewer)
    if found is None:
        return
    _hold(session, found)
    if found.is_open:
        found.end(AssignmentState.DONE, db.now())
        session.flush()


def give_back(session: Session, assignment: Assignment, reason: str) -> None:
    """They cannot; somebody else has it at once where anybody can."""
    team = _hold(session, assignment)
    if not assignment.is_open:
        return
    assignment.end(AssignmentState.GIVEN_BACK, db.now(), " ".join(reason.split())[:500])
    _replace(session, team, assignment)


def hand_on(session: Session, assignment: Assignment) -> bool:
    """Its time is over: somebody else has it. Where nobody else can it stays, with time anew."""
    team = _hold(session, assignment)
    if not assignment.is_open:
        return False
    assignment.end(AssignmentState.HANDED_ON, db.now())
    if _replace(session, team, assignment) or assignment.origin not in GIVEN_BY_US:
        telling.tell_handed_on(session, assignment.reviewer, assignment.take)
        return True
    assignment.state, assignment.ended_at = AssignmentState.OPEN, None
    assignment.leased_until = db.now() + lease_of(assignment.origin)
    session.flush()
    return False


def let_go(session: Session, membership: Membership) -> None:
    """Somebody leaves, or does not coach any more: what they cannot do now others have at once."""
    session.flush()
    mine = (
        select(Assignment)
        .join(Assignment.take)
        .join(Take.pitch)
        .where(
            Assignment.reviewer_id == membership.user_id,
            Assignment.state == AssignmentState.OPEN,
            Pitch.team_id == membership.team_id,
        )
    )
    for assignment in session.scalars(mine).all():
        if not _still_theirs(assignment, membership):
            drop(session, assignment)


# Whoever is asked for by name or as a peer need not coach.
_FOR_ANY_ROLE = (ReviewersFrom.PEERS, ReviewersFrom.NAMED)


def _still_theirs(assignment: Assignment, membership: Membership) -> bool:
    if not membership.is_active or not membership.user.is_active:
        return False
    drill = assignment.drill
    return membership.role is not Role.REP or (drill is not None and drill.reviewers_from in _FOR_ANY_ROLE)


def drop(session: Session, assignment: Assignment) -> None:
    """Its reviewer is gone: it goes to somebody else."""
    team = _hold(session, assignment)
    if assignment.is_open:
        assignment.end(AssignmentState.DROPPED, db.now())
        _replace(session, team, assignment)


def drop_all_of(session: Session, take: Take) -> None:
    """The take is not to be reviewed any more: it was taken back, swapped or deleted."""
    session.execute(
        update(Assignment)
        .where(Assignment.take_id == take.id, Assignment.state == AssignmentState.OPEN)
        .values(state=AssignmentState.DROPPED, ended_at=db.now())
    )


# What the house gave to somebody it gives to somebody else; what was picked goes back to the pool.
GIVEN_BY_US = (AssignmentOrigin.SHARED_OUT, AssignmentOrigin.SPREAD)


def _hold(session: Session, assignment: Assignment) -> Team:
    team = hold_still(session, assignment.take.pitch.team_id)
    session.refresh(assignment, ["state", "leased_until"], with_for_update=True)
    return team


def _replace(session: Session, team: Team, ended: Assignment) -> Assignment | None:
    """The next reviewer for what somebody had."""
    session.flush()
    take = ended.take
    if ended.origin not in GIVEN_BY_US or not take.is_submitted or take.is_deleted:
        return None
    staff = capacity.staff_of(session, team)
    if ended.origin is AssignmentOrigin.SPREAD:
        wanted = seats.one_more(session, staff, take)
    else:
        wanted = next(iter(seats.wanted_in(session, staff, only=take)), None)
    return _give_fairly(session, staff, wanted, ended.origin)
