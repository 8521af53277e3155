"""A presenter finds a level wrong and says why; its reviewer, or a manager, looks again."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import accounts, telling
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Criterion, Dispute, Level, NotificationKind, Review, Score, Take, User
from pitchreview.models.objection import LONGEST_REASON


def dispute(session: Session, review: Review, criterion_id: UUID, by: User, reason: str) -> Dispute:
    """Ask to look at a level again: once for each level."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise InvalidInput("Say what you see otherwise, and where in the take.", field="reason")
    session.refresh(review, ["state"], with_for_update=True)
    score = _score(session, review, criterion_id)
    known = select(Dispute.id).where(Dispute.review_id == review.id, Dispute.criterion_id == criterion_id)
    if session.scalar(known) is not None:
        raise InvalidState("This level was looked at again already. Talk to each other about it.")
    raised = Dispute(review=review, criterion=score.criterion, raised_by=by, reason=reason)
    session.add(raised)
    telling.tell(session, review.reviewer, NotificationKind.DISPUTED, take=review.take, actor=by)
    db.announce(session, f"take:{review.take_id}", "reviews")
    return raised


def answer(session: Session, raised: Dispute, by: User, level_id: UUID | None, words: str) -> None:
    """The level stays (None), or becomes another one; what it was is kept."""
    words = " ".join(words.split())[:LONGEST_REASON]
    if not words:
        raise InvalidInput("Say in a sentence why.", field="answer")
    review = raised.review
    session.refresh(review, ["state"], with_for_update=True)
    session.refresh(raised, ["answered_at"])
    if not raised.is_open:
        raise InvalidState("This is answered already.")
    score = _score(session, review, raised.criterion_id)
    if level_id is not None and level_id != score.level_id:
        raised.was_level, score.level = score.level, _level(score.criterion, level_id)
    raised.answered_at, raised.answered_by, raised.answer = db.now(), by, words
    session.flush()
    accounts.note(
        session,
        "dispute.answer",
        actor=by,
        team=review.take.pitch.scenario.team,
        subject=str(raised.id),
        outcome="changed" if raised.was_level_id else "kept",
    )
    telling.tell(session, raised.raised_by, NotificationKind.DISPUTE_ANSWERED, take=review.take, actor=by)
    db.announce(session, f"take:{review.take_id}", "reviews")


def disputes_of(session: Session, take: Take) -> dict[tuple[UUID, UUID], Dispute]:
    """What is disputed about the levels of a take: by review and criterion. For those who read its levels."""
    query = (
        select(Dispute)
        .join(Dispute.review)
        .where(Review.take_id == take.id)
        .options(joinedload(Dispute.answered_by), joinedload(Dispute.was_level))
    )
    return {(raised.review_id, raised.criterion_id): raised for raised in session.scalars(query)}


def _score(session: Session, review: Review, criterion_id: UUID) -> Score:
    if not review.is_published:
        raise InvalidState("This review was taken back meanwhile.")
    score = session.get(Score, (review.id, criterion_id))
    if score is None:
        raise InvalidInput("There is no level for this criterion.", field="criterion_id")
    return score


def _level(criterion: Criterion, level_id: UUID) -> Level:
    found = next((each for each in criterion.levels if each.id == level_id), None)
    if found is None:
        raise InvalidInput("Choose one of the levels.", field="level_id")
    return found
