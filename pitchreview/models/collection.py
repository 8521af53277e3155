"""An ordered shelf of exemplars."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.exemplar import Exemplar
from pitchreview.models.team import Team
from pitchreview.models.user import User


class Collection(Base):
    __tablename__ = "collections"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    pinned_at: Mapped[datetime | None]  # pinned ones stand first

    team: Mapped[Team] = relationship()
    created_by: Mapped[User | None] = relationship()
    items: Mapped[list[CollectionItem]] = relationship(
        order_by="CollectionItem.position", cascade="all, delete-orphan"
    )
    # Further teams that see it, with those of its moments that they may watch.
    shared_with: Mapped[list[Team]] = relationship(secondary="collection_teams", order_by="Team.name")

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    def holds(self, exemplar: Exemplar) -> bool:
        return any(item.exemplar_id == exemplar.id for item in self.items)

    def put(self, exemplar: Exemplar) -> None:
        """Place an exemplar at the end of the shelf, once."""
        if not self.holds(exemplar):
            last = max((item.position for item in self.items), default=-1)
            self.items.append(CollectionItem(exemplar_id=exemplar.id, position=last + 1))

    def drop(self, exemplar: Exemplar) -> None:
        self.items = [item for item in self.items if item.exemplar_id != exemplar.id]

    @property
    def order_key(self) -> str:
        """What stands here in which order, as one short word: a page says by it what it has seen."""
        order = ",".join(str(item.exemplar_id) for item in self.items)
        return sha256(order.encode()).hexdigest()[:16]

    def arrange(self, exemplar_ids: list[UUID]) -> None:
        """Let these stand first, in this order; what is not named keeps its order behind them."""
        place = {exemplar_id: position for position, exemplar_id in enumerate(exemplar_ids)}
        self.items.sort(key=lambda item: (place.get(item.exemplar_id, len(place)), item.position))
        for position, item in enumerate(self.items):
            item.position = position


class CollectionItem(Base):
    __tablename__ = "collection_items"
    __table_args__ = (UniqueConstraint("collection_id", "exemplar_id"),)

    id: Mapped[Key]
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]

    exemplar: Mapped[Exemplar] = relationship()


class CollectionTeam(Base):
    __tablename__ = "collection_teams"

    collection_id: Mapped[UUID] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[UUID] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Feature(Base):
    """The exemplar of the week."""

    __tablename__ = "features"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(default="")
    chosen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    exemplar: Mapped[Exemplar] = relationship()
    chosen_by: Mapped[User | None] = relationship()
