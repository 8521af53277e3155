"""Who did what that touches rights, people or consent. Rows are only ever added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.user import User


class AuditEntry(Base):
    __tablename__ = "audit_entries"

    id: Mapped[Key]
    at: Mapped[CreatedAt] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    act: Mapped[str]
    subject: Mapped[str] = mapped_column(default="", index=True)
    detail: Mapped[dict[str, Any] | None]

    actor: Mapped[User | None] = relationship()
