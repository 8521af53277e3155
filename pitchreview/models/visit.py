"""Somebody looks at a take: when, since when what is new to them, and which parts they have watched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt
from pitchreview.models.take import Take
from pitchreview.models.user import User

# Whoever comes back within this time is still on the same visit: a reload makes nothing old.
SAME_VISIT = timedelta(minutes=30)
# An open page says so every few seconds; after this it counts as closed.
PRESENT_FOR = timedelta(seconds=40)


class Visit(Base):
    __tablename__ = "visits"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    take_id: Mapped[UUID] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    began_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]  # the page was open then
    before_at: Mapped[datetime | None]  # the end of the visit before: what came later is new
    is_open: Mapped[bool] = mapped_column(default=False)
    watched: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # [[from_ms, until_ms], …], in order

    user: Mapped[User] = relationship()
    take: Mapped[Take] = relationship()

    def is_present(self, now: datetime) -> bool:
        return self.is_open and now - self.last_at < PRESENT_FOR
