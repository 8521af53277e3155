"""What an exemplar shows of a scenario or a level."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt
from pitchreview.models.exemplar import Exemplar
from pitchreview.models.rubric import Level
from pitchreview.models.scenario import Scenario


class ScenarioExample(Base):
    """The exemplar that goes with a scenario: shown before, or only after the first own take."""

    __tablename__ = "scenario_examples"

    scenario_id: Mapped[UUID] = mapped_column(
        ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True
    )
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"), index=True)
    is_shown_after: Mapped[bool] = mapped_column(default=False, server_default=false())

    scenario: Mapped[Scenario] = relationship()
    exemplar: Mapped[Exemplar] = relationship()


class AnchorClip(Base):
    """What a level looks like, pinned by a manager; it does not change the rubric's version."""

    __tablename__ = "anchor_clips"

    level_id: Mapped[UUID] = mapped_column(ForeignKey("levels.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]

    level: Mapped[Level] = relationship()
    exemplar: Mapped[Exemplar] = relationship()
