"""What people do with exemplars: watch them, take something over, take them along, look for them in vain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.drill import Drill
from pitchreview.models.exemplar import Exemplar
from pitchreview.models.scenario import Scenario
from pitchreview.models.take import Take
from pitchreview.models.user import User


class Viewing(Base):
    """Somebody watched an exemplar; its presenter may see who did."""

    __tablename__ = "viewings"

    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    first_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]
    times: Mapped[int] = mapped_column(default=1)
    furthest_ms: Mapped[int] = mapped_column(default=0)  # into the exemplar
    finished_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Takeaway(Base):
    """What somebody wants to take over from an exemplar, and the own take in which they tried."""

    __tablename__ = "takeaways"
    __table_args__ = (UniqueConstraint("exemplar_id", "user_id"),)

    id: Mapped[Key]
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    words: Mapped[str]
    take_id: Mapped[UUID | None] = mapped_column(ForeignKey("takes.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[CreatedAt]

    exemplar: Mapped[Exemplar] = relationship()
    user: Mapped[User] = relationship()
    take: Mapped[Take | None] = relationship()


class DrillExemplar(Base):
    """An exemplar that is set along with a drill."""

    __tablename__ = "drill_exemplars"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    drill: Mapped[Drill] = relationship()
    exemplar: Mapped[Exemplar] = relationship()


class Pack(Base):
    """A few moments for the way to a meeting, kept on the phone for a while."""

    __tablename__ = "packs"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    tags: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # the keys that it was asked for with
    warm_up_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("scenarios.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]

    warm_up: Mapped[Scenario | None] = relationship()
    items: Mapped[list[PackItem]] = relationship(order_by="PackItem.position", cascade="all, delete-orphan")


class PackItem(Base):
    __tablename__ = "pack_items"

    pack_id: Mapped[UUID] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]

    exemplar: Mapped[Exemplar] = relationship()


class MissedSearch(Base):
    """Words that somebody looked for in the library of a team, and that nothing was found for."""

    __tablename__ = "missed_searches"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)  # words and tags, one spelling for what is the same
    words: Mapped[str]
    tags: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # keys
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]  # a curator has seen to it
