"""What a presenter thinks of the own take, before anybody else's word reaches them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.rubric import Criterion, Level, Rubric
from pitchreview.models.take import Take


class SelfAssessment(Base):
    __tablename__ = "self_assessments"

    id: Mapped[Key]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), unique=True)
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubrics.id", ondelete="SET NULL"), index=True)
    # One strength, one thing to try, one question; each may stand at a moment.
    strength: Mapped[str] = mapped_column(default="")
    strength_ms: Mapped[int | None]
    to_try: Mapped[str] = mapped_column(default="")
    to_try_ms: Mapped[int | None]
    question: Mapped[str] = mapped_column(default="")
    question_ms: Mapped[int | None]
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]  # from then on it stays, and others' words are seen

    take: Mapped[Take] = relationship()
    rubric: Mapped[Rubric | None] = relationship()
    scores: Mapped[list[SelfScore]] = relationship(cascade="all, delete-orphan")


class SelfScore(Base):
    __tablename__ = "self_scores"

    assessment_id: Mapped[UUID] = mapped_column(
        ForeignKey("self_assessments.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[UUID] = mapped_column(
        ForeignKey("criteria.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level_id: Mapped[UUID] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), index=True)

    criterion: Mapped[Criterion] = relationship()
    level: Mapped[Level] = relationship()
