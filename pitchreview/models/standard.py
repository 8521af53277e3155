"""A take with an expert's levels and reasons, against which others set their eye."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.rubric import Criterion, Level, Rubric
from pitchreview.models.take import Take
from pitchreview.models.user import User


class Standard(Base):
    __tablename__ = "standards"
    __table_args__ = (UniqueConstraint("take_id", "rubric_id"),)

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"))
    rubric_id: Mapped[UUID] = mapped_column(ForeignKey("rubrics.id", ondelete="CASCADE"), index=True)
    # Comes into queues as if it were a take like any other.
    is_check: Mapped[bool] = mapped_column(default=False, server_default=false())
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None]

    take: Mapped[Take] = relationship()
    rubric: Mapped[Rubric] = relationship()
    set_by: Mapped[User | None] = relationship()
    scores: Mapped[list[StandardScore]] = relationship(cascade="all, delete-orphan")


class StandardScore(Base):
    """What an expert gave for a criterion, and why."""

    __tablename__ = "standard_scores"

    standard_id: Mapped[UUID] = mapped_column(
        ForeignKey("standards.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[UUID] = mapped_column(
        ForeignKey("criteria.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level_id: Mapped[UUID] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(default="")

    criterion: Mapped[Criterion] = relationship()
    level: Mapped[Level] = relationship()


class Calibration(Base):
    """How near somebody was who scored a standard. Of a silent one only they themselves learn."""

    __tablename__ = "calibrations"
    __table_args__ = (UniqueConstraint("standard_id", "user_id", "attempt"),)

    id: Mapped[Key]
    standard_id: Mapped[UUID] = mapped_column(ForeignKey("standards.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    is_silent: Mapped[bool] = mapped_column(default=False, server_default=false())
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    # In levels, over all criteria: the mean distance, and the mean signed one (above 0: more generous).
    distance: Mapped[float | None]
    bias: Mapped[float | None]
    widest: Mapped[int | None]  # the largest distance on a criterion

    standard: Mapped[Standard] = relationship()
    user: Mapped[User] = relationship()
    scores: Mapped[list[CalibrationScore]] = relationship(cascade="all, delete-orphan")


class CalibrationScore(Base):
    __tablename__ = "calibration_scores"

    calibration_id: Mapped[UUID] = mapped_column(
        ForeignKey("calibrations.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[UUID] = mapped_column(
        ForeignKey("criteria.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level_id: Mapped[UUID] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), index=True)

    criterion: Mapped[Criterion] = relationship()
    level: Mapped[Level] = relationship()
