"""One person asks another for a review of one take, with a question and a date."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.take import Take
from pitchreview.models.user import User

LONGEST_QUESTION = 500
LONGEST_REASON = 300


class Request(Base):
    __tablename__ = "requests"
    __table_args__ = (UniqueConstraint("take_id", "asked_id"),)

    id: Mapped[Key]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    asked_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None]  # their review was published
    declined_at: Mapped[datetime | None]  # they cannot; they do not see the take by this any more
    reason: Mapped[str] = mapped_column(default="")  # why they cannot, in a word
    withdrawn_at: Mapped[datetime | None]  # the asker took it back

    take: Mapped[Take] = relationship(back_populates="requests")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    asked: Mapped[User] = relationship(foreign_keys=[asked_id])

    @property
    def stands(self) -> bool:
        """It opens the take to the one who was asked."""
        return self.declined_at is None and self.withdrawn_at is None

    @property
    def is_open(self) -> bool:
        """It waits for a review."""
        return self.stands and self.answered_at is None
