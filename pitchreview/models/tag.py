"""The words of a team for situations: which stage, buyer, objection or product a moment is about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.errors import InvalidInput
from pitchreview.models.team import enum_column

LONGEST_NAME = 80


class Facet(StrEnum):
    STAGE = "stage"
    OBJECTION = "objection"
    PERSONA = "persona"
    PRODUCT = "product"
    MESSAGE = "message"
    CRITERION = "criterion"  # a line of a rubric, and the level that is shown
    TOPIC = "topic"  # whatever else


class Tag(Base):
    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        CheckConstraint("level IS NULL OR facet = 'criterion'", name="level"),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    facet: Mapped[Facet] = mapped_column(enum_column(Facet))
    name: Mapped[str]
    level: Mapped[int | None]  # of a criterion
    key: Mapped[str]  # how addresses write it: "persona:cfo", "criterion:asks before telling:4"
    created_at: Mapped[CreatedAt]
    # What it names has changed or is no longer sold: what bears it since before then is looked at again.
    changed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    @property
    def label(self) -> str:
        return label_of(self.name, self.level)

    @property
    def outdated_at(self) -> datetime | None:
        """When what bears it became doubtful."""
        return max((at for at in (self.changed_at, self.retired_at) if at is not None), default=None)


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the tag a name.", field="tags")
    return name[:LONGEST_NAME]


def key_of(facet: Facet, name: str, level: int | None = None) -> str:
    """One key for all spellings that mean the same."""
    key = f"{facet.value}:{clean_name(name).casefold()}"
    return key if level is None else f"{key}:{level}"


def label_of(name: str, level: int | None) -> str:
    return name if level is None else f"Level {level} of “{name}”"
