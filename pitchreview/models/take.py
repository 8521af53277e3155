"""One recorded attempt at a pitch. Practice takes are the presenter's alone; each round submits one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.errors import InvalidState
from pitchreview.models.drill import Drill
from pitchreview.models.pitch import Pitch
from pitchreview.models.recording import Recording
from pitchreview.models.user import User

if TYPE_CHECKING:
    from pitchreview.models.assignment import Assignment
    from pitchreview.models.exemplar import Exemplar
    from pitchreview.models.request import Request
    from pitchreview.models.review import Review


class Take(Base):
    __tablename__ = "takes"
    __table_args__ = (
        UniqueConstraint("pitch_id", "number"),
        # A round submits one take: the database keeps that true against two tabs at once.
        Index(
            "uq_takes_round", "pitch_id", "round", unique=True, postgresql_where=text("deleted_at IS NULL")
        ),
    )

    id: Mapped[Key]
    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitches.id", ondelete="CASCADE"))
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), unique=True)
    uploaded_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    # The drill that it was submitted for; None: by oneself.
    drill_id: Mapped[UUID | None] = mapped_column(ForeignKey("drills.id", ondelete="SET NULL"), index=True)
    number: Mapped[int]  # counts the presenter's attempts; nobody else may learn it
    round: Mapped[int | None]  # set while submitted; what others are shown
    shared_with_team: Mapped[bool] = mapped_column(default=False)  # peers may see it
    # The presenter looks at their own work first: what others say reaches them after that.
    awaits_self_assessment: Mapped[bool] = mapped_column(default=False, server_default=false())
    consent_note: Mapped[str | None]  # uploaded for somebody else: how they agreed
    consent_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]

    pitch: Mapped[Pitch] = relationship()
    recording: Mapped[Recording] = relationship()
    drill: Mapped[Drill | None] = relationship()
    uploaded_by: Mapped[User | None] = relationship()
    requests: Mapped[list[Request]] = relationship(
        back_populates="take", order_by="Request.created_at", cascade="all, delete-orphan"
    )
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="take", order_by="Assignment.created_at", cascade="all, delete-orphan"
    )
    exemplars: Mapped[list[Exemplar]] = relationship(viewonly=True)
    reviews: Mapped[list[Review]] = relationship(viewonly=True)

    @property
    def owner(self) -> User | None:
        """Who presents; where that is somebody without an account, whoever uploaded it."""
        return self.uploaded_by if self.pitch.presenter_id is None else self.pitch.presenter

    @property
    def rubric_id(self) -> UUID | None:
        """The yardstick for it: that of its drill, else that of its scenario."""
        own = self.drill.rubric_id if self.drill else None
        return own or self.pitch.scenario.rubric_id

    @property
    def minutes_to_review(self) -> int:
        """About twice the pitch, and never under two minutes."""
        return max(2, round((self.recording.duration_ms or 0) * 2 / 60_000))

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def submit(self, round_number: int, now: datetime) -> None:
        """Show the take to those who give feedback."""
        if self.recording.is_broken:
            raise InvalidState("This file could not be played, so it cannot be submitted.")
        self.round, self.submitted_at = round_number, now

    def take_back(self) -> None:
        """Make it a practice take again."""
        self.round = self.submitted_at = self.drill = None
        self.shared_with_team = self.awaits_self_assessment = False
