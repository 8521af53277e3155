"""What somebody is writing about a take and has not posted: kept here so that another browser has it, too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pitchreview.db import Base, CreatedAt


class Draft(Base):
    __tablename__ = "drafts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    take_id: Mapped[UUID] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    spot: Mapped[str] = mapped_column(primary_key=True)  # which box: "comment", "one_thing", "reply:<id>"
    words: Mapped[dict[str, Any]]
    saved_at: Mapped[CreatedAt]
