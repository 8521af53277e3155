"""A scenario set for a team, with a due date and a focus."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.scenario import Scenario
from pitchreview.models.user import User


class Drill(Base):
    __tablename__ = "drills"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    focus: Mapped[str] = mapped_column(default="")  # the one thing to work on, in a few words
    note: Mapped[str] = mapped_column(default="")
    # A take ends by itself here; None: nobody is cut off, however long past the target
    limit_seconds: Mapped[int | None]
    # Presenters look at their own take before they see what others say about it.
    self_assessment_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]

    scenario: Mapped[Scenario] = relationship()
    created_by: Mapped[User | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now
