"""Whether what was agreed is seen in a later take: fixed, closer or not yet, with the moment that shows it.

While the review is a draft its answers are the reviewer's alone. They take effect when the review is out and
the presenter may read it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import committing, drafting, focusing, telling
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    NotificationKind,
    Proof,
    Review,
    Take,
    User,
    Verdict,
)
from pitchreview.permissions import proofs_visible_to

LONGEST_NOTE = 300


@dataclass(frozen=True)
class Answer:
    """What a reviewer says about one commitment; the moment is in the take that is reviewed."""

    verdict: Verdict
    at_ms: int | None = None
    note: str = ""


def answer(session: Session, take: Take, reviewer: User, commitment: Commitment, said: Answer | None) -> None:
    """Keep the reviewer's answer, or take it back; it begins the review if nothing did before."""
    if commitment not in committing.carried_by(session, take):
        raise InvalidInput("That was not agreed before this take.")
    review = drafting.held_review(session, take, reviewer)
    if review.is_done:
        raise InvalidState("Your review is done, and its answers stay as they are.")
    known = session.scalar(
        select(Proof).where(
            Proof.commitment_id == commitment.id,
            Proof.take_id == take.id,
            Proof.judged_by_id == reviewer.id,
        )
    )
    if said is None:
        if known is not None:
            session.delete(known)
        session.flush()
        return
    end = take.recording.duration_ms
    if said.at_ms is not None and (said.at_ms < 0 or (end is not None and said.at_ms > end)):
        raise InvalidInput("That moment is not in this take.", field="at_ms")
    proof = known or Proof(commitment=commitment, take=take, judged_by=reviewer)
    proof.review, proof.verdict = review, said.verdict
    proof.at_ms, proof.note = said.at_ms, " ".join(said.note.split())[:LONGEST_NOTE]
    session.add(proof)
    session.flush()


def come_out(session: Session, review: Review) -> None:
    """The answers of a review that has just been published."""
    session.execute(
        update(Proof)
        .where(Proof.take_id == review.take_id, Proof.judged_by_id == review.reviewer_id)
        .values(published_at=review.published_at, review_id=review.id)
        .execution_options(synchronize_session="fetch")
    )
    settle(session, review.take)
    _tell(session, review)


def take_back(session: Session, review: Review) -> None:
    """The review was taken back: what it alone had closed is open again, and so is a focus it had met."""
    if review.take.pitch.presenter_id is not None:
        focusing.hold(session, review.take.pitch.presenter_id)
    proofs = list(session.scalars(select(Proof).where(Proof.review_id == review.id)))
    for proof in proofs:
        proof.published_at = None
    session.flush()
    for commitment in {proof.commitment for proof in proofs}:
        if commitment.state is CommitmentState.FIXED and not _is_fixed(session, commitment):
            commitment.reopen()
    focusing.look_again(session, review)
    settle(session, review.take)


def settle(session: Session, take: Take) -> None:
    """Give effect to what is said about this take: one reviewer who sees it fixed closes it."""
    presenter_id = take.pitch.presenter_id
    if presenter_id is None or take.awaits_self_assessment:
        return
    focusing.hold(session, presenter_id)
    fixed = select(Proof).where(
        Proof.take_id == take.id, Proof.published_at.is_not(None), Proof.verdict == Verdict.FIXED
    )
    for proof in session.scalars(fixed.options(joinedload(Proof.commitment))):
        if proof.commitment.is_open:
            proof.commitment.close(CommitmentState.FIXED, db.now())
    focusing.look_whether_met(session, presenter_id, take.pitch.team_id)


def tell_opened(session: Session, take: Take) -> None:
    """The presenter has assessed the take: they hear of the answers that waited meanwhile."""
    published = select(Proof.review_id).where(Proof.take_id == take.id, Proof.published_at.is_not(None))
    for review in session.scalars(select(Review).where(Review.id.in_(published))):
        _tell(session, review)


def _tell(session: Session, review: Review) -> None:
    presenter, take = review.take.pitch.presenter, review.take
    answered = select(Proof.id).where(Proof.review_id == review.id, Proof.published_at.is_not(None))
    if presenter is None or take.awaits_self_assessment or session.scalar(answered.limit(1)) is None:
        return
    telling.tell(session, presenter, NotificationKind.PROVED, take=take, actor=review.reviewer)


def _is_fixed(session: Session, commitment: Commitment) -> bool:
    query = select(Proof.id).where(
        Proof.commitment_id == commitment.id,
        Proof.verdict == Verdict.FIXED,
        Proof.published_at.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None


# --- reading ------------------------------------------------------------------------------------------


def answers_of(session: Session, take: Take, viewer: User) -> dict[UUID, list[Proof]]:
    """What is answered about commitments in this take, by commitment, as far as the viewer may read it."""
    query = (
        proofs_visible_to(viewer)
        .where(Proof.take_id == take.id)
        .options(joinedload(Proof.judged_by))
        .order_by(Proof.created_at)
    )
    found: dict[UUID, list[Proof]] = defaultdict(list)
    for proof in session.scalars(query):
        found[proof.commitment_id].append(proof)
    return found


@dataclass(frozen=True)
class FixRate:
    """Of what was agreed on a criterion and looked at in a later take: how much is fixed."""

    line_id: UUID | None  # None: what names no criterion
    name: str
    fixed: int
    judged: int

    @property
    def percent(self) -> int:
        return round(100 * self.fixed / self.judged)


def fix_rate(
    session: Session, team_id: UUID, user_id: UUID | None = None, *, since: datetime | None = None
) -> list[FixRate]:
    """For each criterion, under its newest name; those that were looked at most often first."""
    long_ago = since or datetime.min.replace(tzinfo=UTC)
    judged = select(Proof.id).where(Proof.commitment_id == Commitment.id, Proof.published_at > long_ago)
    is_fixed = Commitment.state == CommitmentState.FIXED
    newest = func.array_agg(aggregate_order_by(Criterion.name, Commitment.created_at.desc()))[1]
    query = (
        select(Criterion.line_id, newest, func.count().filter(is_fixed), func.count())
        .select_from(Commitment)
        .outerjoin(Commitment.criterion)
        .where(
            Commitment.team_id == team_id,
            or_(judged.exists(), and_(is_fixed, Commitment.closed_at > long_ago)),
        )
        .group_by(Criterion.line_id)
    )
    if user_id is not None:
        query = query.where(Commitment.user_id == user_id)
    rates = [
        FixRate(line_id, name or "Other things", fixed, judged)
        for line_id, name, fixed, judged in session.execute(query)
    ]
    return sorted(rates, key=lambda rate: (-rate.judged, rate.name))
