"""One reviewer's judgement of one take."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.errors import InvalidState
from pitchreview.models.rubric import Criterion, Level, Rubric
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User


class ReviewState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # its reviewer took it back; that it was stays to be seen
    CHECKED = "checked"  # of a standard in the queue: for its reviewer alone


class Review(Base):
    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("take_id", "reviewer_id"),)

    id: Mapped[Key]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState), default=ReviewState.DRAFT)
    one_thing: Mapped[str] = mapped_column(default="")  # what matters most, in a sentence
    # The yardstick that the scenario had when this review began.
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubrics.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(default="", server_default="")

    take: Mapped[Take] = relationship()
    reviewer: Mapped[User] = relationship()
    rubric: Mapped[Rubric | None] = relationship()
    scores: Mapped[list[Score]] = relationship(cascade="all, delete-orphan")

    @property
    def is_published(self) -> bool:
        return self.state is ReviewState.PUBLISHED

    @property
    def is_done(self) -> bool:
        """Its reviewer has said it all: to the presenter, or, in a check, to nobody."""
        return self.state in (ReviewState.PUBLISHED, ReviewState.CHECKED)

    def publish(self, one_thing: str, now: datetime) -> None:
        """Say that this judgement is complete; it leaves the reviewer's queue."""
        if self.is_done:
            raise InvalidState("This review is already published.")
        self.one_thing, self.state, self.published_at = one_thing, ReviewState.PUBLISHED, now

    def withdraw(self, reason: str, now: datetime) -> None:
        """Take it back; that it was, and why, stays."""
        if not self.is_published:
            raise InvalidState("Only a published review can be taken back.")
        self.state, self.withdrawn_at, self.withdrawal_reason = ReviewState.WITHDRAWN, now, reason

    def begin_again(self) -> None:
        """Make what was taken back a draft once more, with everything that was in it."""
        if self.state is not ReviewState.WITHDRAWN:
            raise InvalidState("Only a review that was taken back is begun again.")
        self.state, self.published_at = ReviewState.DRAFT, None


class Score(Base):
    """The level given for one criterion; it freezes when the review is published."""

    __tablename__ = "scores"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[UUID] = mapped_column(
        ForeignKey("criteria.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level_id: Mapped[UUID] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), index=True)

    criterion: Mapped[Criterion] = relationship()
    level: Mapped[Level] = relationship()
