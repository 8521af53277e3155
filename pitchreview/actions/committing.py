"""What is agreed to change: a review proposes at most two things, and the presenter has the last word."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import focusing
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Comment,
    Commitment,
    CommitmentState,
    Criterion,
    Proof,
    Review,
    Rubric,
    Take,
    User,
)
from pitchreview.models.commitment import LONGEST_WORDS, MOST_OF_A_REVIEW
from pitchreview.permissions import commitments_visible_to


@dataclass(frozen=True)
class Proposal:
    """What to do otherwise next time, and by when. Words may come from a comment, with its moment."""

    words: str = ""
    due_on: date | None = None
    criterion_id: UUID | None = None
    comment_id: UUID | None = None
    at_ms: int | None = None


def propose(session: Session, review: Review, proposals: Collection[Proposal]) -> None:
    """What a review asks the presenter to agree to; it comes out with the review, and replaces what was."""
    presenter = review.take.pitch.presenter
    if len(proposals) > MOST_OF_A_REVIEW:
        raise InvalidInput(
            "Propose two changes at most; people work on one or two things.", field="proposals"
        )
    session.execute(
        delete(Commitment).where(
            Commitment.review_id == review.id, Commitment.state == CommitmentState.PROPOSED
        )
    )
    if presenter is None:
        return
    for proposal in proposals:
        commitment = _commitment(session, review.take, presenter, proposal, review.reviewer)
        commitment.review, commitment.proposed_by = review, review.reviewer
        commitment.state = CommitmentState.PROPOSED
        session.add(commitment)
    session.flush()


def proposals_of(session: Session, review: Review) -> list[Commitment]:
    """What this review proposes, answered or not."""
    query = (
        select(Commitment)
        .where(Commitment.review_id == review.id)
        .options(joinedload(Commitment.criterion))
        .order_by(Commitment.created_at, Commitment.id)
    )
    return list(session.scalars(query))


def agree(session: Session, commitment: Commitment, words: str = "", due_on: date | None = None) -> None:
    """The presenter takes it on, in their own words if they like."""
    _hold(session, commitment)
    if commitment.state is not CommitmentState.PROPOSED:
        raise InvalidState("You have answered this already.")
    commitment.words = clean_words(words or commitment.words)
    commitment.due_on = due_on or commitment.due_on
    _take_on(session, commitment)


def decline(session: Session, commitment: Commitment, reason: str = "") -> None:
    """Not this; a word why helps whoever proposed it."""
    _hold(session, commitment)
    if commitment.state is not CommitmentState.PROPOSED:
        raise InvalidState("You have answered this already.")
    commitment.close(CommitmentState.DECLINED, db.now(), _clean_reason(reason))


def drop(session: Session, commitment: Commitment, reason: str = "") -> None:
    """It is not worth following any more; what was parked behind it moves up."""
    _hold(session, commitment)
    if not commitment.is_open:
        raise InvalidState("This is not open any more.")
    commitment.close(CommitmentState.DROPPED, db.now(), _clean_reason(reason))
    focusing.look_whether_met(session, commitment.user_id, commitment.team_id)


def write(session: Session, take: Take, presenter: User, own: Proposal) -> Commitment:
    """The presenter takes something on that nobody proposed."""
    focusing.hold(session, presenter.id)
    commitment = _commitment(session, take, presenter, own, presenter)
    session.add(commitment)
    _take_on(session, commitment)
    return commitment


def carried_by(session: Session, take: Take) -> list[Commitment]:
    """What the presenter had agreed to before this take, and is to be seen in it; for who sees the take.

    What was proved in this take stays with it when it is closed.
    """
    was_agreed = and_(
        Commitment.state == CommitmentState.AGREED,
        Commitment.agreed_at < (take.submitted_at or db.now()),
    )
    was_judged = select(Proof.commitment_id).where(Proof.take_id == take.id)
    query = (
        select(Commitment)
        .where(
            Commitment.user_id == take.pitch.presenter_id,
            Commitment.team_id == take.pitch.team_id,
            Commitment.take_id != take.id,
            or_(was_agreed, Commitment.id.in_(was_judged)),
        )
        .options(joinedload(Commitment.criterion), joinedload(Commitment.take).joinedload(Take.recording))
        .order_by(Commitment.agreed_at, Commitment.id)
    )
    return list(session.scalars(query))


def of_person(session: Session, user: User, team_id: UUID, viewer: User) -> list[Commitment]:
    """Somebody's commitments in a team, as far as the viewer may see them, the newest first."""
    query = (
        commitments_visible_to(viewer)
        .where(Commitment.user_id == user.id, Commitment.team_id == team_id)
        .options(
            joinedload(Commitment.criterion),
            joinedload(Commitment.proposed_by),
            joinedload(Commitment.take).joinedload(Take.pitch),
        )
        .order_by(Commitment.created_at.desc(), Commitment.id)
    )
    return list(session.scalars(query))


def clean_words(words: str) -> str:
    clean = " ".join(words.split())
    if not clean:
        raise InvalidInput("Say in a few words what you will do.", field="words")
    if len(clean) > LONGEST_WORDS:
        raise InvalidInput(f"Say it in {LONGEST_WORDS} characters at most.", field="words")
    return clean


def _clean_reason(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_WORDS]


def _hold(session: Session, commitment: Commitment) -> None:
    focusing.hold(session, commitment.user_id)
    session.refresh(commitment, ["state"], with_for_update=True)


def _take_on(session: Session, commitment: Commitment) -> None:
    # Until it is arranged among the others it waits.
    commitment.state, commitment.agreed_at = CommitmentState.PARKED, db.now()
    session.flush()
    focusing.arrange(session, commitment.user_id, commitment.team_id)


def _commitment(session: Session, take: Take, presenter: User, said: Proposal, author: User) -> Commitment:
    remark = _comment(session, take, said, author)
    return Commitment(
        team_id=take.pitch.team_id,
        user=presenter,
        take=take,
        words=clean_words(said.words or (remark and (remark.instead or remark.body)[:LONGEST_WORDS]) or ""),
        due_on=said.due_on,
        comment=remark,
        at_ms=remark.at_ms if remark else _moment(take, said.at_ms),
        until_ms=remark.until_ms if remark else None,
        criterion=_criterion(session, take, said) or (remark and remark.criterion),
    )


def _comment(session: Session, take: Take, said: Proposal, author: User) -> Comment | None:
    """A remark of whoever says it, or, for a presenter, one that they were given."""
    if said.comment_id is None:
        return None
    remark = session.get(Comment, said.comment_id)
    is_theirs = remark is not None and (
        remark.author_id == author.id or (author == take.pitch.presenter and remark.is_published)
    )
    if remark is None or remark.take_id != take.id or remark.is_deleted or remark.is_reply or not is_theirs:
        raise InvalidInput("That comment is not here any more. Choose another one.", field="proposals")
    return remark


def _moment(take: Take, at_ms: int | None) -> int | None:
    if at_ms is not None and not 0 <= at_ms <= (take.recording.duration_ms or at_ms):
        raise InvalidInput("That moment is not in this take.", field="at_ms")
    return at_ms


def _criterion(session: Session, take: Take, said: Proposal) -> Criterion | None:
    if said.criterion_id is None:
        return None
    of_team = select(Criterion).join(Rubric, Rubric.id == Criterion.rubric_id)
    found = session.scalar(
        of_team.where(Criterion.id == said.criterion_id, Rubric.team_id == take.pitch.team_id)
    )
    if found is None:
        raise InvalidInput("Choose one of the criteria.", field="criterion_id")
    return found
