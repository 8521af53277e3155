"""Words that somebody says often, kept to be put in with two keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.comment import CommentKind
from pitchreview.models.team import enum_column


class Phrase(Base):
    __tablename__ = "phrases"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CommentKind | None] = mapped_column(enum_column(CommentKind))
    body: Mapped[str]
    instead: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]
