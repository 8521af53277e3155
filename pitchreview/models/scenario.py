"""The brief: situation, prompt, key messages, beats and target time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.message import Message
from pitchreview.models.recording import Recording
from pitchreview.models.rubric import Rubric
from pitchreview.models.team import Team, enum_column
from pitchreview.models.user import User


class Stage(StrEnum):
    PROSPECTING = "prospecting"
    DISCOVERY = "discovery"
    DEMO = "demo"
    OBJECTION = "objection"
    CLOSING = "closing"


class Scenario(Base):
    __tablename__ = "scenarios"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    buyer: Mapped[str] = mapped_column(default="")  # the persona, in a few words
    situation: Mapped[str] = mapped_column(default="")
    prompt: Mapped[str]  # what the buyer says or what to do
    # The buyer asks it, recorded; then the prompt is its gist.
    prompt_recording_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="SET NULL"), unique=True
    )
    target_seconds: Mapped[int]
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubrics.id", ondelete="SET NULL"), index=True)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    archived_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    rubric: Mapped[Rubric | None] = relationship()
    created_by: Mapped[User | None] = relationship()
    prompt_recording: Mapped[Recording | None] = relationship()
    cards: Mapped[list[ScenarioMessage]] = relationship(
        order_by="ScenarioMessage.position", cascade="all, delete-orphan"
    )
    key_messages: Mapped[list[KeyMessage]] = relationship(
        order_by="KeyMessage.position", cascade="all, delete-orphan"
    )
    beats: Mapped[list[Beat]] = relationship(order_by="Beat.position", cascade="all, delete-orphan")

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def set_key_messages(self, texts: list[str]) -> None:
        self.key_messages = [KeyMessage(position=i, text=text) for i, text in enumerate(texts)]

    def set_beats(self, beats: list[tuple[str, int]]) -> None:
        """Beats as (name, target seconds), in order. What keeps its name stays: takes say where it begins."""
        known = {beat.name: beat for beat in self.beats or []}
        kept = [known.pop(name) if name in known else Beat(name=name) for name, _ in beats]
        for position, (beat, (_, seconds)) in enumerate(zip(kept, beats, strict=True)):
            beat.position, beat.target_seconds = position, seconds
        self.beats = kept


class KeyMessage(Base):
    """One thing that must come across."""

    __tablename__ = "key_messages"

    id: Mapped[Key]
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str]


class Beat(Base):
    """A part of the pitch with the time it should take."""

    __tablename__ = "beats"

    id: Mapped[Key]
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    target_seconds: Mapped[int]


class ScenarioMessage(Base):
    """A card of the talk track that a scenario uses, in the version somebody last looked at."""

    __tablename__ = "scenario_messages"

    scenario_id: Mapped[UUID] = mapped_column(
        ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    seen_version: Mapped[int]

    message: Mapped[Message] = relationship()

    @property
    def is_outdated(self) -> bool:
        """The card reads otherwise by now, or is not used any more: check the scenario again."""
        return self.message.version > self.seen_version or self.message.retired_at is not None
