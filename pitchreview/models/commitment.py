"""What was agreed to change, the proof that it did, and the one thing somebody works on now."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.comment import Comment
from pitchreview.models.review import Review
from pitchreview.models.rubric import Criterion
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User

LONGEST_WORDS = 300
MOST_OF_A_REVIEW = 2
MOST_AT_ONCE = 2  # that somebody works on in a team


class CommitmentState(StrEnum):
    PROPOSED = "proposed"  # by a reviewer, in a published review; the presenter has not answered
    AGREED = "agreed"  # shown on the next take
    PARKED = "parked"  # it waits until the focus is met
    DECLINED = "declined"
    FIXED = "fixed"  # proved
    DROPPED = "dropped"  # not worth following any more


OPEN_COMMITMENTS = frozenset({CommitmentState.AGREED, CommitmentState.PARKED})


class Verdict(StrEnum):
    """Whether what was agreed is seen in a later take."""

    FIXED = "fixed"
    CLOSER = "closer"
    NOT_YET = "not_yet"


class Commitment(Base):
    __tablename__ = "commitments"
    __table_args__ = (Index("ix_commitments_user_id_team_id_state", "user_id", "team_id", "state"),)

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))  # whose it is
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    # The review that it ends; None: the presenter wrote it.
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("reviews.id", ondelete="SET NULL"), index=True)
    # The moment that shows what is to change, on the clock of `take`.
    comment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    at_ms: Mapped[int | None]
    until_ms: Mapped[int | None]
    criterion_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("criteria.id", ondelete="SET NULL"), index=True
    )
    words: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[CommitmentState] = mapped_column(enum_column(CommitmentState))
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    agreed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]  # fixed, declined or dropped
    reason: Mapped[str] = mapped_column(default="")  # of declining or dropping it

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    take: Mapped[Take] = relationship()
    review: Mapped[Review | None] = relationship()
    comment: Mapped[Comment | None] = relationship()
    criterion: Mapped[Criterion | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    proofs: Mapped[list[Proof]] = relationship(
        order_by="Proof.created_at", back_populates="commitment", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_COMMITMENTS

    def close(self, state: CommitmentState, now: datetime, reason: str = "") -> None:
        self.state, self.closed_at, self.reason = state, now, reason

    def reopen(self) -> None:
        """What closed it does not stand any more; whether it is worked on now or later is arranged anew."""
        self.state, self.closed_at, self.reason = CommitmentState.PARKED, None, ""


class Proof(Base):
    """A reviewer's answer on a later take, with the moments before and after.

    While the review is a draft nobody else reads it; publishing it gives it effect.
    """

    __tablename__ = "proofs"
    __table_args__ = (
        UniqueConstraint("commitment_id", "take_id", "judged_by_id"),
        CheckConstraint("until_ms IS NULL OR until_ms > at_ms", name="range"),
    )

    id: Mapped[Key]
    commitment_id: Mapped[UUID] = mapped_column(ForeignKey("commitments.id", ondelete="CASCADE"))
    take_id: Mapped[UUID] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), index=True
    )  # the later one
    judged_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    # The moment after, on the clock of the later take; that before stands in the commitment.
    at_ms: Mapped[int | None]
    until_ms: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    commitment: Mapped[Commitment] = relationship(back_populates="proofs")
    take: Mapped[Take] = relationship()
    judged_by: Mapped[User] = relationship()
    review: Mapped[Review | None] = relationship()


class Focus(Base):
    """The one criterion that somebody works on in a team, until it is met. There is one at a time."""

    __tablename__ = "focuses"
    __table_args__ = (
        Index("uq_focuses_now", "user_id", "team_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criteria.id", ondelete="CASCADE"), index=True)
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    since: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    is_met: Mapped[bool | None]  # once it has ended; False: something else came instead

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    criterion: Mapped[Criterion] = relationship()
    set_by: Mapped[User | None] = relationship(foreign_keys=[set_by_id])
