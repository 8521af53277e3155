"""Where a part of the scenario begins in one take."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pitchreview.db import Base


class BeatStart(Base):
    __tablename__ = "beat_starts"

    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    beat_id: Mapped[UUID] = mapped_column(
        ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at_ms: Mapped[int]
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
