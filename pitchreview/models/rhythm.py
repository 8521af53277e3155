"""What comes back by itself: short practice on a growing schedule, and letters that are sent once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.rubric import Criterion
from pitchreview.models.scenario import Scenario
from pitchreview.models.take import Take
from pitchreview.models.user import User


class WarmUp(Base):
    """A weak criterion of somebody, and when to practise it again for two minutes."""

    __tablename__ = "warm_ups"
    __table_args__ = (
        UniqueConstraint("user_id", "team_id", "line_id"),
        Index("ix_warm_ups_user_id_due_at", "user_id", "due_at"),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    line_id: Mapped[UUID]  # of the criterion, whatever its version
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criteria.id", ondelete="CASCADE"), index=True)
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    card: Mapped[dict[str, Any] | None]  # the schedule's own memory; None: fixed steps
    step: Mapped[int] = mapped_column(default=0)  # how often it came back
    due_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    criterion: Mapped[Criterion] = relationship()
    scenario: Mapped[Scenario] = relationship()
    runs: Mapped[list[WarmUpRun]] = relationship(order_by="WarmUpRun.done_at", cascade="all, delete-orphan")


class WarmUpRun(Base):
    """It was practised, and how well it went: 1 again, 2 hard, 3 good, 4 easy."""

    __tablename__ = "warm_up_runs"

    id: Mapped[Key]
    warm_up_id: Mapped[UUID] = mapped_column(ForeignKey("warm_ups.id", ondelete="CASCADE"), index=True)
    take_id: Mapped[UUID | None] = mapped_column(ForeignKey("takes.id", ondelete="SET NULL"), index=True)
    rating: Mapped[int]
    done_at: Mapped[CreatedAt]

    take: Mapped[Take | None] = relationship()


class Nudge(Base):
    """A reminder or digest that is due or sent. Its key makes it one, however often a clock is caught up."""

    __tablename__ = "nudges"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key: Mapped[str]  # such as "drill:<id>:2", "digest:<team>:2026-W47", "lease:<assignment>"
    due_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]  # not sent: it was done, or too late to be of use
