"""What a presenter holds against feedback: a level that seems wrong, a comment that hurts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.comment import Comment
from pitchreview.models.review import Review
from pitchreview.models.rubric import Criterion, Level
from pitchreview.models.user import User

LONGEST_REASON = 1000


class Dispute(Base):
    """A presenter disputes a level; its reviewer answers: it stays, or it becomes another one."""

    __tablename__ = "disputes"
    __table_args__ = (UniqueConstraint("review_id", "criterion_id"),)

    id: Mapped[Key]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criteria.id", ondelete="CASCADE"), index=True)
    raised_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    raised_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(default="")
    # The level before it was changed; None: it stayed.
    was_level_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("levels.id", ondelete="SET NULL"), index=True
    )

    review: Mapped[Review] = relationship()
    criterion: Mapped[Criterion] = relationship()
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    was_level: Mapped[Level | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


class Flag(Base):
    """Somebody finds a comment hurtful: the managers hear of it, its author does not hear from whom."""

    __tablename__ = "flags"
    __table_args__ = (UniqueConstraint("comment_id", "raised_by_id"),)

    id: Mapped[Key]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    raised_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    raised_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(default="")  # what the manager did, in words
    hides: Mapped[bool] = mapped_column(default=False)  # the comment was taken away for good

    comment: Mapped[Comment] = relationship()
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
