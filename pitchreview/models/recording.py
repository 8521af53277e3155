"""Media of any kind with its state: the sources as received, the steps of work, the renditions made.

The row is the truth: pages read it, never a job. A step is claimed by raising its attempt, and only
the current attempt may save; so a killed, doubled or zombie worker can never break a good video.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.errors import InvalidState
from pitchreview.models.team import enum_column


class RecordingState(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    RECEIVED = "received"
    PLAYABLE = "playable"
    READY = "ready"
    BROKEN = "broken"


class StepName(StrEnum):
    CHECK = "check"  # stage 1: probe, copy to a seekable file, poster, loudness
    ENCODE = "encode"  # stage 2: the ladder and the storyboard


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RenditionKind(StrEnum):
    COPY = "copy"  # progressive only, the source's timing and codecs
    RUNG = "rung"  # one step of the ladder: progressive and HLS over the same bytes
    AUDIO = "audio"  # of a recording without pictures
    POSTER = "poster"
    STORYBOARD = "storyboard"


PLAYED_KINDS = (RenditionKind.COPY, RenditionKind.RUNG, RenditionKind.AUDIO)


class Recording(Base):
    __tablename__ = "recordings"

    id: Mapped[Key]
    state: Mapped[RecordingState] = mapped_column(
        enum_column(RecordingState), default=RecordingState.AWAITING_UPLOAD, index=True
    )
    reason: Mapped[str | None]  # why it is broken, in human words
    warning: Mapped[str | None]  # shown to its owner: it plays, but something was not right
    duration_ms: Mapped[int | None]
    width: Mapped[int | None]  # as displayed: after rotation and pixel shape
    height: Mapped[int | None]
    has_video: Mapped[bool | None]
    has_audio: Mapped[bool | None]
    loudness: Mapped[dict[str, Any] | None]  # measured: integrated LUFS, true peak dB, gain dB
    probe: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]
    received_at: Mapped[datetime | None]
    playable_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]

    sources: Mapped[list[Source]] = relationship(
        back_populates="recording", order_by="Source.sequence", cascade="all, delete-orphan"
    )
    steps: Mapped[list[Step]] = relationship(back_populates="recording", cascade="all, delete-orphan")
    renditions: Mapped[list[Rendition]] = relationship(
        back_populates="recording", order_by="Rendition.rung", cascade="all, delete-orphan"
    )

    @property
    def is_playable(self) -> bool:
        return self.state in (RecordingState.PLAYABLE, RecordingState.READY)

    @property
    def is_settled(self) -> bool:
        """Nothing more will change by itself."""
        is_over = self.state in (RecordingState.READY, RecordingState.BROKEN)
        return is_over or (self.is_playable and self.current_step is None)

    @property
    def is_broken(self) -> bool:
        return self.state is RecordingState.BROKEN

    @property
    def rungs(self) -> list[Rendition]:
        """The ladder, lowest first."""
        return [r for r in self.renditions if r.kind is RenditionKind.RUNG]

    @property
    def progressive(self) -> Rendition | None:
        """What a plain <video> plays best now: the highest rung, else the copy, else the sound."""
        copies = [r for r in self.renditions if r.kind in (RenditionKind.COPY, RenditionKind.AUDIO)]
        return next(iter(reversed(self.rungs)), None) or next(iter(copies), None)

    @property
    def poster(self) -> Rendition | None:
        return next((r for r in self.renditions if r.kind is RenditionKind.POSTER), None)

    @property
    def storyboard(self) -> Rendition | None:
        return next((r for r in self.renditions if r.kind is RenditionKind.STORYBOARD), None)

    @property
    def size_bytes(self) -> int:
        return sum(source.size_bytes for source in self.sources)

    @property
    def folder(self) -> str:
        """Where all of its objects live in the store."""
        return f"recordings/{self.id}/"

    @property
    def current_step(self) -> Step | None:
        """The step that runs or comes next."""
        order = list(StepName)
        open_steps = [s for s in self.steps if s.state in (StepState.WAITING, StepState.RUNNING)]
        return min(open_steps, key=lambda s: order.index(s.name), default=None)

    def step(self, name: StepName) -> Step:
        """The step of that name, made when it does not exist yet."""
        found = next((s for s in self.steps if s.name is name), None)
        if found is None:
            found = Step(name=name, state=StepState.WAITING, attempt=0, percent=0)
            self.steps.append(found)
        return found

    def receive(self, now: datetime) -> None:
        """All sources have arrived; from here on the worker has it."""
        if self.state is not RecordingState.AWAITING_UPLOAD:
            raise InvalidState("This file has arrived already.")
        self.state, self.received_at = RecordingState.RECEIVED, now
        self.step(StepName.CHECK)

    def become_playable(self, now: datetime) -> None:
        if self.state is RecordingState.READY:
            return
        self.state, self.reason = RecordingState.PLAYABLE, None
        self.playable_at = self.playable_at or now

    def become_ready(self, now: datetime) -> None:
        self.state, self.reason, self.ready_at = RecordingState.READY, None, now
        self.playable_at = self.playable_at or now

    def break_down(self, reason: str) -> None:
        """The file is at fault; `reason` says so in human words."""
        self.state, self.reason = RecordingState.BROKEN, reason

    def give_up(self, reason: str) -> None:
        """We are at fault, several times over. What plays already goes on playing."""
        if self.is_playable:
            self.warning = reason
        else:
            self.break_down(reason)

    def reset_for_retry(self) -> list[StepName]:
        """Open the steps that are not done; answers their names. The source is still there, always."""
        if self.state is RecordingState.AWAITING_UPLOAD:
            raise InvalidState("The file has not arrived yet.")
        if self.state is RecordingState.BROKEN:
            self.state, self.reason = RecordingState.RECEIVED, None
        open_steps = [s for s in self.steps if s.state is not StepState.DONE]
        for step in open_steps:
            step.put_back()
            step.reason, step.failures = None, 0
        return [s.name for s in open_steps]


class Source(Base):
    """A file as received. It is never deleted but by a person or a retention rule."""

    __tablename__ = "sources"

    id: Mapped[Key]
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(default="camera")  # camera, screen or audio
    sequence: Mapped[int] = mapped_column(default=0)
    offset_ms: Mapped[int] = mapped_column(default=0)
    object_key: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str]
    content_type: Mapped[str]  # as announced; trusted for nothing
    size_bytes: Mapped[int] = mapped_column(BigInteger)  # as announced; the store is the witness at the end
    fingerprint: Mapped[str] = mapped_column(default="")  # the browser's, to go on after a reload
    upload_id: Mapped[str | None]  # R2's are over 1,000 characters
    part_size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]
    received_at: Mapped[datetime | None]

    recording: Mapped[Recording] = relationship(back_populates="sources")

    @property
    def part_count(self) -> int:
        return -(-self.size_bytes // self.part_size)

    @property
    def has_arrived(self) -> bool:
        return self.received_at is not None

    def part_length(self, number: int) -> int:
        """Bytes of part `number`, counted from 1."""
        return min(self.part_size, self.size_bytes - (number - 1) * self.part_size)


class Step(Base):
    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("recording_id", "name"),)

    id: Mapped[Key]
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    name: Mapped[StepName] = mapped_column(enum_column(StepName))
    state: Mapped[StepState] = mapped_column(enum_column(StepState), default=StepState.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)  # raised at each claim; our own, never the job's
    percent: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)  # tries that ended in an error of ours, not of the file
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    recording: Mapped[Recording] = relationship(back_populates="steps")

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    def claim(self, now: datetime) -> int:
        """Begin a new attempt and answer its number; every older attempt may save no more."""
        if self.is_done:
            raise InvalidState("This step is done.")
        self.attempt += 1
        self.state, self.percent, self.started_at, self.ended_at = StepState.RUNNING, 0, now, None
        return self.attempt

    def is_current(self, attempt: int) -> bool:
        return self.state is StepState.RUNNING and self.attempt == attempt

    def put_back(self) -> None:
        """It will be tried again."""
        self.state, self.percent = StepState.WAITING, 0

    def finish(self, now: datetime) -> None:
        self.state, self.percent, self.ended_at = StepState.DONE, 100, now

    def fail(self, reason: str, now: datetime) -> None:
        self.state, self.reason, self.ended_at = StepState.FAILED, reason, now


class Rendition(Base):
    """A file derived from a recording, verified before its row existed."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("recording_id", "kind", "rung", "attempt"),)

    id: Mapped[Key]
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    kind: Mapped[RenditionKind] = mapped_column(enum_column(RenditionKind))
    rung: Mapped[int] = mapped_column(default=0)  # short side in pixels; 0 where there is no ladder
    attempt: Mapped[int]
    object_key: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None]
    bitrate: Mapped[int | None]  # bits per second, the peak that a playlist announces
    codecs: Mapped[str | None]  # RFC 6381, for playlists
    # Rung: {"init": [offset, length], "segments": [[offset, length, duration_ms], …]};
    # storyboard: {"columns", "rows", "tile_width", "tile_height", "interval_ms", "count"}.
    layout: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]

    recording: Mapped[Recording] = relationship(back_populates="renditions")
