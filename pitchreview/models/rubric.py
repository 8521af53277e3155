"""The yardstick: criteria, and for each of them levels with what they look like.

A rubric that was used never changes; what is changed becomes its next version.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key


class Rubric(Base):
    __tablename__ = "rubrics"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    # The version before.
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("rubrics.id", ondelete="SET NULL"), index=True
    )
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None]  # replaced or put away; reviews that used it keep it

    criteria: Mapped[list[Criterion]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan"
    )


class Criterion(Base):
    """A line of the rubric."""

    __tablename__ = "criteria"

    id: Mapped[Key]
    rubric_id: Mapped[UUID] = mapped_column(ForeignKey("rubrics.id", ondelete="CASCADE"), index=True)
    # The same in every version of a rubric, so that somebody's way can be followed through them.
    line_id: Mapped[UUID] = mapped_column(default=uuid4, server_default=text("gen_random_uuid()"), index=True)
    position: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1, server_default="1")
    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="")

    levels: Mapped[list[Level]] = relationship(order_by="Level.value", cascade="all, delete-orphan")

    def is_low(self, level: Level) -> bool:
        """In the lower half of its levels: whoever gives it owes a moment that shows why."""
        return self.levels.index(level) < len(self.levels) // 2


class Level(Base):
    """A step on a criterion, with what it looks like."""

    __tablename__ = "levels"
    __table_args__ = (UniqueConstraint("criterion_id", "value"),)

    id: Mapped[Key]
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criteria.id", ondelete="CASCADE"))
    value: Mapped[int]  # 1 is the lowest
    name: Mapped[str]
    anchor: Mapped[str] = mapped_column(default="")
