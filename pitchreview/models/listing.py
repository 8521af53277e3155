"""An exemplar as one team finds it: what is searched, in one row with its indexes.

It decides nothing about rights: whoever searches asks the exemplar and its take again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base
from pitchreview.models.exemplar import Exemplar


class Listing(Base):
    __tablename__ = "listings"
    __table_args__ = (
        Index("ix_listings_team_id_listed_at_exemplar_id", "team_id", "listed_at", "exemplar_id"),
        Index("ix_listings_tag_ids", "tag_ids", postgresql_using="gin"),
        Index("ix_listings_words", "words", postgresql_using="gin"),
    )

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    listed_at: Mapped[datetime]  # in the future: scheduled
    tag_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    words: Mapped[str] = mapped_column(TSVECTOR)  # title A, tags B, why C, commentary D

    exemplar: Mapped[Exemplar] = relationship()
