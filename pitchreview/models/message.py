"""A card of the talk track: what the team says, in which words, and which words it leaves out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.tag import Tag
from pitchreview.models.team import Team, enum_column
from pitchreview.models.user import User


class MessageKind(StrEnum):
    VALUE = "value"  # why anybody should buy
    DIFFERENTIATOR = "differentiator"  # why from us
    INSIGHT = "insight"  # what the buyer does not know yet
    QUESTION = "question"  # what to ask in discovery
    OBJECTION = "objection"  # what the buyer holds against it, and the answer


class Message(Base):
    __tablename__ = "messages"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    name: Mapped[str]
    body: Mapped[str]  # of an objection: what the buyer says
    answer: Mapped[str] = mapped_column(default="")  # of an objection: what we say to it
    must_say: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # phrases
    avoid: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # phrases
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    review_on: Mapped[date | None]  # by then its owner looks whether it still holds
    # Exemplars bear the card as a tag; marking the tag as changed asks to look at them again.
    tag_id: Mapped[UUID | None] = mapped_column(ForeignKey("tags.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    owner: Mapped[User | None] = relationship()
    tag: Mapped[Tag | None] = relationship()
    versions: Mapped[list[MessageVersion]] = relationship(
        order_by="MessageVersion.version.desc()", cascade="all, delete-orphan"
    )

    def is_due(self, today: date) -> bool:
        """Its owner should look whether it still holds."""
        return self.retired_at is None and self.review_on is not None and self.review_on <= today


class MessageVersion(Base):
    """A card as it read at some time; the newest is how it reads now."""

    __tablename__ = "message_versions"
    __table_args__ = (UniqueConstraint("message_id", "version"),)

    id: Mapped[Key]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    version: Mapped[int]
    name: Mapped[str]
    body: Mapped[str]
    answer: Mapped[str]
    must_say: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    avoid: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    why: Mapped[str] = mapped_column(default="")  # what made it change
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    written_at: Mapped[CreatedAt]

    written_by: Mapped[User | None] = relationship()
