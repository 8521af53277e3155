"""A take, or a range of it, held up as a model, with why it works."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User


class ConsentState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Exemplar(Base):
    __tablename__ = "exemplars"
    __table_args__ = (
        CheckConstraint("from_ms IS NULL OR until_ms > from_ms", name="range"),
        CheckConstraint("(from_ms IS NULL) = (until_ms IS NULL)", name="whole_or_range"),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    from_ms: Mapped[int | None]  # None: the whole take
    until_ms: Mapped[int | None]
    title: Mapped[str]
    why: Mapped[str]
    held_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    consent: Mapped[ConsentState] = mapped_column(enum_column(ConsentState), default=ConsentState.ASKED)
    consent_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    taken_down_at: Mapped[datetime | None]

    take: Mapped[Take] = relationship()
    held_up_by: Mapped[User | None] = relationship()
    tags: Mapped[list[ExemplarTag]] = relationship(order_by="ExemplarTag.name", cascade="all, delete-orphan")

    @property
    def is_shown(self) -> bool:
        """The team may watch it."""
        return self.consent is ConsentState.GIVEN and self.taken_down_at is None

    @property
    def waits_for_consent(self) -> bool:
        return self.consent is ConsentState.ASKED and self.taken_down_at is None

    @property
    def duration_ms(self) -> int | None:
        if self.from_ms is None or self.until_ms is None:
            return self.take.recording.duration_ms
        return self.until_ms - self.from_ms

    def answer_consent(self, answer: ConsentState, now: datetime) -> None:
        """The presenter's yes, no, or later withdrawal; it acts at once."""
        self.consent, self.consent_at = answer, now

    def set_tags(self, names: list[str]) -> None:
        kept = {tag.name: tag for tag in self.tags}
        self.tags = [kept.get(name) or ExemplarTag(name=name) for name in dict.fromkeys(names)]


class ExemplarTag(Base):
    __tablename__ = "exemplar_tags"
    __table_args__ = (UniqueConstraint("exemplar_id", "name"),)

    id: Mapped[Key]
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"))
    name: Mapped[str]
