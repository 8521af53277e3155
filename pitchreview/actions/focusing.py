"""One thing at a time: the criterion that somebody works on, and which commitments wait for it.

1. The first agreed commitment that names a criterion makes it the focus; there is one in each team.
2. What is agreed on the focus, or names no criterion, is worked on: two at most. The rest is parked.
3. The focus stays until it is met, or somebody changes it on purpose; then what was parked moves up.
Criteria are the same line in every version of a rubric.
"""

from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    Level,
    Pitch,
    Review,
    ReviewState,
    Score,
    Take,
    User,
)
from pitchreview.models.commitment import MOST_AT_ONCE, OPEN_COMMITMENTS

# So many takes in a row in the upper half of the levels say that it is met, whatever was agreed.
TAKES_IN_A_ROW = 2


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
                each.close(CommitmentState.DROPPED, db.now(), "The focus is met.")
            _end(session, focus, is_met=True)
    arrange(session, user_id, team_id)


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


def _was_fixed(session: Session, focus: Focus) -> bool:
    query = (
        select(Commitment.id)
        .join(Commitment.criterion)
        .where(
            Commitment.user_id == focus.user_id,
            Commitment.team_id == focus.team_id,
            Criterion.line_id == focus.criterion.line_id,
            Commitment.state == CommitmentState.FIXED,
            Commitment.closed_at >= focus.since,
        )
    )
    return session.scalar(query.limit(1)) is not None


def _is_steady(session: Session, focus: Focus) -> bool:
    """Two takes in a row, handed in since the focus began, reached the upper half of the levels."""
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
            Pitch.presenter_id == focus.user_id,
            Pitch.team_id == focus.team_id,
            Take.submitted_at >= focus.since,
            Take.deleted_at.is_(None),
            ~Take.awaits_self_assessment,
        )
        .group_by(Take.id, Take.submitted_at)
        .order_by(Take.submitted_at.desc())
        .limit(TAKES_IN_A_ROW)
    )
    shares = session.scalars(query).all()
    return len(shares) == TAKES_IN_A_ROW and all(reached >= 0.5 for reached in shares)
