"""One rep's work on a scenario: its takes, its rounds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.scenario import Scenario
from pitchreview.models.user import User


class Pitch(Base):
    __tablename__ = "pitches"
    __table_args__ = (
        CheckConstraint("(presenter_id IS NULL) <> (presenter_name IS NULL)", name="one_presenter"),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    presenter_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    presenter_name: Mapped[str | None]  # a person without an account
    created_at: Mapped[CreatedAt]

    scenario: Mapped[Scenario] = relationship()
    presenter: Mapped[User | None] = relationship()

    @property
    def presented_by(self) -> str:
        return self.presenter.name if self.presenter else (self.presenter_name or "")
