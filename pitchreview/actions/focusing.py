"""One thing at a time: the criterion that somebody works on, and which commitments wait for it.

1. The first agreed commitment that names a criterion makes it the focus; there is one in each team.
2. What is agreed on the focus, or names no criterion, is worked on: two at most. The rest is parked.
3. The focus stays until it is met, or somebody changes it on purpose; then what was parked moves up.
4. Where it was met only by a review that is taken back it goes on, unless something else is worked on by now.
Criteria are the same line in every version of a rubric.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    Level,
    Pitch,
    Proof,
    Review,
    ReviewState,
    Score,
    Take,
    User,
    Verdict,
)
from pitchreview.models.commitment import MOST_AT_ONCE, OPEN_COMMITMENTS

# So many takes in a row in the upper half of the levels say that it is met, whatever was agreed.
TAKES_IN_A_ROW = 2
# Why a commitment was dropped that was open when its focus was met.
IS_MET = "The focus is met."


def focus_of(session: Session, user_id: UUID, team_id: UUID) -> Focus | None:
    query = (
        select(Focus)
        .where(Focus.user_id == user_id, Focus.team_id == team_id, Focus.ended_at.is_(None))
        .options(joinedload(Focus.criterion))
    )
    return session.scalar(query)


def change(session: Session, user: User, team_id: UUID, criterion: Criterion, by: User) -> None:
    """Work on something else from now on, on purpose."""
    hold(session, user.id)
    now = focus_of(session, user.id, team_id)
    if now is not None:
        if now.criterion.line_id == criterion.line_id:
            return
        _end(session, now, is_met=False)
    _begin(session, user.id, team_id, criterion, by)
    arrange(session, user.id, team_id)


def arrange(session: Session, user_id: UUID, team_id: UUID) -> None:
    """Say of everything that is agreed whether it is worked on now or later."""
    session.flush()
    agreed = open_commitments(session, user_id, team_id)
    focus = focus_of(session, user_id, team_id)
    first = next((each.criterion for each in agreed if each.criterion), None)
    if focus is None and first is not None:
        focus = _begin(session, user_id, team_id, first, by=None)
    line = focus and focus.criterion.line_id
    now = [each for each in agreed if each.criterion is None or each.criterion.line_id == line]
    for each in agreed:
        each.state = CommitmentState.AGREED if each in now[:MOST_AT_ONCE] else CommitmentState.PARKED
    session.flush()


def open_commitments(session: Session, user_id: UUID, team_id: UUID) -> list[Commitment]:
    """What is agreed and not closed: what is worked on first, then what was agreed first."""
    query = (
        select(Commitment)
        .where(
            Commitment.user_id == user_id,
            Commitment.team_id == team_id,
            Commitment.state.in_(OPEN_COMMITMENTS),
        )
        .options(joinedload(Commitment.criterion))
        .order_by(Commitment.state != CommitmentState.AGREED, Commitment.agreed_at, Commitment.id)
    )
    return list(session.scalars(query))


def look_whether_met(session: Session, user_id: UUID, team_id: UUID) -> None:
    """After a review, or a proof: the focus ends when what it is about is done."""
    hold(session, user_id)
    session.flush()
    focus = focus_of(session, user_id, team_id)
    if focus is not None:
        on_it = [
            each
            for each in open_commitments(session, user_id, team_id)
            if each.criterion and each.criterion.line_id == focus.criterion.line_id
        ]
        is_steady = _is_steady(session, focus)
        if is_steady or (not on_it and _was_fixed(session, focus)):
            for each in on_it:
                each.close(CommitmentState.DROPPED, db.now(), IS_MET)
            _end(session, focus, is_met=True)
    arrange(session, user_id, team_id)


def look_again(session: Session, review: Review) -> None:
    """A review was taken back: what is not met any more without it goes on.

    Whatever came later, it is judged by what was known when the focus ended.
    """
    pitch = review.take.pitch
    if review.take.awaits_self_assessment:
        return
    session.flush()
    query = (
        select(Focus)
        .join(Focus.criterion)
        .where(
            Focus.user_id == pitch.presenter_id,
            Focus.team_id == pitch.team_id,
            Focus.is_met.is_(True),
            Focus.ended_at >= review.published_at,
            Criterion.line_id.in_(_lines_of(session, review)),
        )
        .order_by(Focus.ended_at.desc())
    )
    for focus in session.scalars(query).all():
        if not _was_met(session, focus):
            _go_on(session, focus)


def hold(session: Session, user_id: UUID) -> None:
    """Two tabs, or two reviews at the same moment, change what somebody works on one after the other."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def _begin(session: Session, user_id: UUID, team_id: UUID, criterion: Criterion, by: User | None) -> Focus:
    focus = Focus(user_id=user_id, team_id=team_id, criterion=criterion, set_by=by, since=db.now())
    session.add(focus)
    session.flush()
    return focus


def _end(session: Session, focus: Focus, *, is_met: bool) -> None:
    focus.ended_at, focus.is_met = db.now(), is_met
    session.flush()


def _lines_of(session: Session, review: Review) -> set[UUID]:
    """What this review spoke of: the criteria of its levels, and of what it saw fixed."""
    levels = select(Criterion.line_id).join(Score).where(Score.review_id == review.id)
    fixed = (
        select(Criterion.line_id)
        .join(Commitment, Commitment.criterion_id == Criterion.id)
        .join(Proof, Proof.commitment_id == Commitment.id)
        .where(Proof.review_id == review.id, Proof.verdict == Verdict.FIXED)
    )
    return set(session.scalars(levels.union(fixed)))


def _was_met(session: Session, focus: Focus) -> bool:
    """The same question as in `look_whether_met`, at the moment when it ended."""
    was_open = _on_it(focus).where(
        Commitment.agreed_at <= focus.ended_at,
        or_(
            Commitment.state.in_(OPEN_COMMITMENTS),
            Commitment.closed_at > focus.ended_at,
            _dropped_with(focus),
        ),
    )
    is_done = session.scalar(was_open.limit(1)) is None and _was_fixed(session, focus)
    return is_done or _is_steady(session, focus)


def _go_on(session: Session, focus: Focus) -> None:
    for each in session.scalars(_on_it(focus).where(_dropped_with(focus))).all():
        each.reopen()
    if focus_of(session, focus.user_id, focus.team_id) is None:
        focus.ended_at = focus.is_met = None
    else:
        focus.is_met = False
    session.flush()


def _on_it(focus: Focus) -> Select[Commitment]:
    return (
        select(Commitment)
        .join(Commitment.criterion)
        .where(
            Commitment.user_id == focus.user_id,
            Commitment.team_id == focus.team_id,
            Criterion.line_id == focus.criterion.line_id,
        )
    )


def _dropped_with(focus: Focus) -> ColumnElement[bool]:
    return and_(
        Commitment.state == CommitmentState.DROPPED,
        Commitment.reason == IS_MET,
        Commitment.closed_at.between(focus.since, focus.ended_at),
    )


def _was_fixed(session: Session, focus: Focus) -> bool:
    fixed = _on_it(focus).where(
        Commitment.state == CommitmentState.FIXED,
        Commitment.closed_at.between(focus.since, _until(focus)),
    )
    return session.scalar(fixed.limit(1)) is not None


def _until(focus: Focus) -> datetime:
    return focus.ended_at or datetime.max.replace(tzinfo=UTC)


def _is_steady(session: Session, focus: Focus) -> bool:
    """Two takes in a row, handed in since the focus began, reached the upper half of the levels."""
    until = _until(focus)
    of_line = exists().where(Criterion.id == Score.criterion_id, Criterion.line_id == focus.criterion.line_id)
    highest = (
        select(func.max(Level.value))
        .where(Level.criterion_id == Score.criterion_id)
        .correlate(Score)
        .scalar_subquery()
    )
    # The middle of what reviewers gave, as a share of the way from the lowest level to the highest.
    share = func.percentile_cont(0.5).within_group((Level.value - 1.0) / func.greatest(highest - 1, 1))
    query = (
        select(share)
        .select_from(Score)
        .join(Score.level)
        .join(Review, Review.id == Score.review_id)
        .join(Take, Take.id == Review.take_id)
        .join(Take.pitch)
        .where(
            of_line,
            Review.state == ReviewState.PUBLISHED,
            Review.published_at <= until,
            Pitch.presenter_id == focus.user_id,
            Pitch.team_id == focus.team_id,
            Take.submitted_at.between(focus.since, until),
            Take.deleted_at.is_(None),
            ~Take.awaits_self_assessment,
        )
        .group_by(Take.id, Take.submitted_at)
        .order_by(Take.submitted_at.desc())
        .limit(TAKES_IN_A_ROW)
    )
    shares = session.scalars(query).all()
    return len(shares) == TAKES_IN_A_ROW and all(reached >= 0.5 for reached in shares)
