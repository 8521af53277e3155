"""A reviewer takes a published review back: what it says leaves, that it was and why stays."""

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, proving, telling, warming_up
from pitchreview.errors import InvalidInput
from pitchreview.models import (
    Comment,
    Commitment,
    CommitmentState,
    Notification,
    NotificationKind,
    Review,
)
from pitchreview.models.objection import LONGEST_REASON


def withdraw(session: Session, review: Review, reason: str) -> None:
    """Its comments, levels and proposals leave at once; what the presenter agreed to stays theirs."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise InvalidInput("Say in a sentence why you take it back; the presenter reads it.", field="reason")
    session.refresh(review, ["state"], with_for_update=True)
    review.withdraw(reason, db.now())
    session.flush()
    _hold_comments_back(session, review)
    session.execute(
        update(Commitment)
        .where(Commitment.review_id == review.id, Commitment.state != CommitmentState.PROPOSED)
        .values(review_id=None)
        .execution_options(synchronize_session="fetch")
    )
    proving.take_back(session, review)
    warming_up.after_withdrawal(session, review)
    team = review.take.pitch.scenario.team
    accounts.note(
        session, "review.withdraw", actor=review.reviewer, team=team, subject=str(review.id), reason=reason
    )
    _tell(session, review)
    db.announce(session, f"take:{review.take_id}", "comments")
    db.announce(session, f"take:{review.take_id}", "reviews")


def begin_again(session: Session, review: Review) -> None:
    """It is a draft once more, with everything that was in it."""
    session.refresh(review, ["state"], with_for_update=True)
    review.begin_again()
    session.flush()
    db.announce(session, f"take:{review.take_id}", "reviews")


def _hold_comments_back(session: Session, review: Review) -> None:
    """They are drafts again, with the answers under them; they come out again together."""
    own = select(Comment.id).where(Comment.review_id == review.id)
    session.execute(
        update(Comment)
        .where(or_(Comment.id.in_(own), Comment.parent_id.in_(own)))
        .values(published_at=None, changed_at=db.now())
        .execution_options(synchronize_session="fetch")
    )


def _tell(session: Session, review: Review) -> None:
    """Nobody is told of feedback that is no longer there; who may have read it hears that it went."""
    owner = review.take.owner
    if owner is None or review.take.awaits_self_assessment:
        return
    session.execute(
        delete(Notification).where(
            Notification.user_id == owner.id,
            Notification.take_id == review.take_id,
            Notification.actor_id == review.reviewer_id,
            Notification.kind.in_([NotificationKind.FEEDBACK_READY, NotificationKind.PROVED]),
        )
    )
    telling.tell(session, owner, NotificationKind.REVIEW_WITHDRAWN, take=review.take, actor=review.reviewer)
