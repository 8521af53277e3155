"""Media of any kind with its state: the sources as received, the steps of work, the renditions made.

The row is the truth: pages read it, never a job. A step is claimed by raising its attempt, and only
the current attempt may save; so a killed, doubled or zombie worker can never break a good video.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, false
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


class SourceRole(StrEnum):
    CAMERA = "camera"
    SCREEN = "screen"
    AUDIO = "audio"


class Layout(StrEnum):
    """How screen and camera are put together."""

    CORNER = "corner"  # the screen whole, the camera small at its lower right
    CORNER_LEFT = "corner_left"
    SIDE_BY_SIDE = "side_by_side"
    SCREEN = "screen"  # the screen alone
    CAMERA = "camera"  # the camera alone


class StepName(StrEnum):
    COMPOSE = "compose"  # the footage: several files, or a stretch of another recording, become one file
    CHECK = "check"  # stage 1: probe, copy to a seekable file, poster, loudness, waveform
    OPEN = "open"  # stage 1 of what cannot be copied: the lowest rung, which plays while it grows
    ENCODE = "encode"  # stage 2: the rest of the ladder, and the storyboard


# What must be done before a step has anything to work on; a recording need not have all of these
WAITS_FOR = {
    StepName.COMPOSE: (),
    StepName.CHECK: (StepName.COMPOSE,),
    StepName.OPEN: (StepName.COMPOSE,),
    StepName.ENCODE: (StepName.COMPOSE, StepName.CHECK, StepName.OPEN),
}


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"  # by a person, until a person goes on


class RenditionKind(StrEnum):
    FOOTAGE = "footage"  # what all else is made of, where that is not the one file that arrived
    COPY = "copy"  # progressive only, the source's timing and codecs
    RUNG = "rung"  # one step of the ladder: progressive and HLS over the same bytes
    AUDIO = "audio"  # of a recording without pictures
    POSTER = "poster"
    STORYBOARD = "storyboard"
    WAVEFORM = "waveform"  # how loud it is from moment to moment, one byte each


PLAYED_KINDS = (RenditionKind.COPY, RenditionKind.RUNG, RenditionKind.AUDIO)


class Recording(Base):
    __tablename__ = "recordings"

    id: Mapped[Key]
    # Whose room it takes and whose place in the queue: of a take, who uploaded it.
    recorded_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    # Recorded to be part of a comment; it is seen by whoever sees the comment.
    is_reply: Mapped[bool] = mapped_column(default=False, server_default=false())
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
    layout: Mapped[Layout] = mapped_column(
        enum_column(Layout), default=Layout.CORNER, server_default=Layout.CORNER.value
    )
    # A stretch of another recording; that one stays as it is, and may be deleted once this one is made
    cut_of_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="SET NULL"), index=True
    )
    cut_from_ms: Mapped[int | None]
    cut_until_ms: Mapped[int | None]
    created_at: Mapped[CreatedAt]
    received_at: Mapped[datetime | None]
    playable_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]

    sources: Mapped[list[Source]] = relationship(
        back_populates="recording",
        order_by="Source.sequence, Source.role",
        cascade="all, delete-orphan",
    )
    steps: Mapped[list[Step]] = relationship(back_populates="recording", cascade="all, delete-orphan")
    renditions: Mapped[list[Rendition]] = relationship(
        back_populates="recording", order_by="Rendition.rung", cascade="all, delete-orphan"
    )
    live_segments: Mapped[list[LiveSegment]] = relationship(
        back_populates="recording", order_by="LiveSegment.sequence", cascade="all, delete-orphan"
    )

    @property
    def is_playable(self) -> bool:
        return self.state in (RecordingState.PLAYABLE, RecordingState.READY)

    @property
    def is_settled(self) -> bool:
        """Nothing more will change by itself.

        Where the steps were read a moment after the state, all of them may be done and the state an older
        one: that is not settled, and whoever asks again sees the newer state.
        """
        if self.is_broken:
            return True
        if self.current_step is not None:
            return False
        has_ended_early = any(s.state in (StepState.FAILED, StepState.CANCELLED) for s in self.steps)
        return self.state is RecordingState.READY or has_ended_early

    @property
    def is_cancelled(self) -> bool:
        """A person stopped the work on it."""
        return any(step.state is StepState.CANCELLED for step in self.steps)

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
    def mp4(self) -> Rendition | None:
        """The best that every program plays, to be kept as a file."""
        best = self.progressive
        return best if best is not None and best.content_type.endswith("/mp4") else None

    @property
    def growing(self) -> list[LiveSegment]:
        """The head and the segments that play before the first file does: the most of all attempts, in order.

        A new attempt makes the same segments again, so the list never shrinks when one takes over.
        """
        by_attempt: dict[int, list[LiveSegment]] = {}
        for segment in self.live_segments:
            by_attempt.setdefault(segment.attempt, []).append(segment)
        longest = max(by_attempt.values(), key=len, default=[])
        return sorted(longest, key=lambda segment: segment.sequence)

    @property
    def footage(self) -> Rendition | None:
        return self._only(RenditionKind.FOOTAGE)

    @property
    def poster(self) -> Rendition | None:
        return self._only(RenditionKind.POSTER)

    @property
    def storyboard(self) -> Rendition | None:
        return self._only(RenditionKind.STORYBOARD)

    @property
    def waveform(self) -> Rendition | None:
        return self._only(RenditionKind.WAVEFORM)

    def _only(self, kind: RenditionKind) -> Rendition | None:
        return next((r for r in self.renditions if r.kind is kind), None)

    @property
    def size_bytes(self) -> int:
        return sum(source.size_bytes for source in self.sources)

    @property
    def is_cut(self) -> bool:
        """A stretch of another recording, whether that one still exists or not."""
        return self.cut_from_ms is not None

    @property
    def is_composing(self) -> bool:
        """Its footage is being made, or comes next."""
        return self.current_step is not None and self.current_step.name is StepName.COMPOSE

    @property
    def has_screen(self) -> bool:
        return any(source.role == SourceRole.SCREEN for source in self.sources)

    @property
    def may_be_arranged(self) -> bool:
        """A screen and somebody beside it: where they stand is a choice."""
        return {SourceRole.SCREEN, SourceRole.CAMERA} <= {source.role for source in self.sources}

    @property
    def has_all_sources(self) -> bool:
        return all(source.has_arrived for source in self.sources)

    @property
    def source_key(self) -> str | None:
        """The object that all is made of: the footage, else the one file that arrived."""
        if self.footage is not None:
            return self.footage.object_key
        return next((source.object_key for source in self.sources), None)

    @property
    def folder(self) -> str:
        """Where all of its objects live in the store."""
        return f"recordings/{self.id}/"

    @property
    def current_step(self) -> Step | None:
        """The step that runs or comes next."""
        return next(iter(self.open_steps), None)

    @property
    def ordered_steps(self) -> list[Step]:
        """All its steps, in the order in which they are done."""
        return sorted(self.steps, key=lambda s: list(StepName).index(s.name))

    @property
    def open_steps(self) -> list[Step]:
        """Steps that run or wait, in their order."""
        return [s for s in self.ordered_steps if s.is_open]

    @property
    def due_steps(self) -> list[Step]:
        """Open steps that wait for no other."""
        undone = {step.name for step in self.steps if not step.is_done}
        return [step for step in self.open_steps if undone.isdisjoint(WAITS_FOR[step.name])]

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
        is_to_be_made = len(self.sources) > 1 or self.is_cut
        self.step(StepName.COMPOSE if is_to_be_made else StepName.CHECK)

    def take_footage(self, footage: Rendition) -> None:
        """What it is made of is there, or has changed: all that was made of the older footage goes."""
        self.renditions, self.live_segments, self.probe = [footage], [], None
        self.state, self.reason, self.ready_at = RecordingState.RECEIVED, None, None
        for step in (self.step(StepName.CHECK), *self.steps):
            if step.name is not StepName.COMPOSE:
                step.start_over()

    def arrange(self, layout: Layout) -> None:
        """Put screen and camera together in another way; what is there plays until that is done."""
        if not self.may_be_arranged:
            raise InvalidState("There is no screen beside a camera in this recording.")
        if self.state is RecordingState.AWAITING_UPLOAD:
            raise InvalidState("The file has not arrived yet.")
        self.layout = layout
        self.step(StepName.COMPOSE).start_over()

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

    def reset_for_retry(self) -> bool:
        """Open the steps that are not done; answers whether there are any. The source is there, always."""
        if self.state is RecordingState.AWAITING_UPLOAD:
            raise InvalidState("The file has not arrived yet.")
        if self.state is RecordingState.BROKEN:
            self.state, self.reason = RecordingState.RECEIVED, None
        undone = [s for s in self.steps if s.state is not StepState.DONE]
        for step in undone:
            step.put_back()
            step.reason, step.failures = None, 0
        return bool(undone)

    def cancel(self, now: datetime) -> None:
        """Stop what runs and what waits; what has been made stays, and a person may go on later."""
        if not self.open_steps:
            raise InvalidState("Nothing is being done to this file at the moment.")
        for step in self.open_steps:
            step.cancel(now)

    def redo(self, rendition: Rendition) -> None:
        """Make this one rendition anew; it plays on until its successor has been verified."""
        step = self.step(rendition.made_in)
        if not step.is_done:
            raise InvalidState("This file is still being worked on. Wait until that is over.")
        step.put_back()
        step.only, step.reason, step.failures = rendition.label, None, 0


class Source(Base):
    """A file as received. It is never deleted but by a person or a retention rule."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("recording_id", "role", "sequence"),)

    id: Mapped[Key]
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(default=SourceRole.CAMERA.value)  # a SourceRole
    sequence: Mapped[int] = mapped_column(default=0)  # counts on where a recorder began anew after a crash
    offset_ms: Mapped[int] = mapped_column(default=0)  # where it begins, on the clock of the recording
    object_key: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str]
    content_type: Mapped[str]  # as announced; trusted for nothing
    size_bytes: Mapped[int] = mapped_column(BigInteger)  # as announced; the store is the witness at the end
    # Sent while it is recorded: its size is 0 here until its recorder says how long it became.
    is_open: Mapped[bool] = mapped_column(default=False, server_default=false())
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

    def fits(self, number: int, size_bytes: int) -> bool:
        """Is this how long part `number` must be? While the file grows only whole parts are sure to stay."""
        if self.is_open:
            return size_bytes == self.part_size
        return number <= self.part_count and size_bytes == self.part_length(number)

    def fix_size(self, size_bytes: int) -> None:
        """The file grows no more; from here on it is one that was announced with this size."""
        if self.is_open:
            self.size_bytes, self.is_open = size_bytes, False
        elif size_bytes != self.size_bytes:
            raise InvalidState("This file was already said to have another size. Please send it anew.")


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
    only: Mapped[str | None]  # the label of the one rendition that is made anew; None: all of them
    failures: Mapped[int] = mapped_column(default=0)  # tries that ended in an error of ours, not of the file
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    recording: Mapped[Recording] = relationship(back_populates="steps")

    @property
    def is_done(self) -> bool:
        return self.state is StepState.DONE

    @property
    def is_open(self) -> bool:
        return self.state in (StepState.WAITING, StepState.RUNNING)

    def claim(self, now: datetime) -> int:
        """Begin a new attempt and answer its number; every older attempt may save no more."""
        if not self.is_open:
            raise InvalidState("Nothing is left to do in this step.")
        self.attempt += 1
        self.state, self.percent, self.started_at, self.ended_at = StepState.RUNNING, 0, now, None
        return self.attempt

    def is_current(self, attempt: int) -> bool:
        return self.state is StepState.RUNNING and self.attempt == attempt

    def put_back(self) -> None:
        """It will be tried again."""
        self.state, self.percent = StepState.WAITING, 0

    def start_over(self) -> None:
        """It has other things to work on: whoever is at it saves nothing any more."""
        self.put_back()
        self.only, self.reason, self.failures = None, None, 0

    def finish(self, now: datetime) -> None:
        self.state, self.percent, self.ended_at, self.only = StepState.DONE, 100, now, None

    def cancel(self, now: datetime) -> None:
        self.state, self.ended_at = StepState.CANCELLED, now

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
    # Rung: {"init": [offset, length], "segments": [[offset, length, duration_ms], …], "copied": bool};
    # storyboard: {"columns", "rows", "tile_width", "tile_height", "interval_ms", "count"};
    # waveform: {"interval_ms", "count"}; footage: {"warnings": [sentence, …]}.
    layout: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]

    recording: Mapped[Recording] = relationship(back_populates="renditions")

    @property
    def label(self) -> str:
        """Which of a recording's renditions this is, such as `rung 720`."""
        return f"{self.kind} {self.rung}"

    @property
    def made_in(self) -> StepName:
        if self.kind is RenditionKind.FOOTAGE:
            return StepName.COMPOSE
        return StepName.ENCODE if self.is_of_the_ladder else StepName.CHECK

    @property
    def is_of_the_ladder(self) -> bool:
        """Made in stage 2; sound alone has a copy of stage 1 that is replaced by one rung of sound."""
        is_rung_of_sound = self.kind is RenditionKind.AUDIO and self.layout is not None
        return is_rung_of_sound or self.kind in (RenditionKind.RUNG, RenditionKind.STORYBOARD)


class LiveSegment(Base):
    """A stretch of the lowest rung while it is made, as an object of its own; number 0 is the file's head.

    Its rows are collected some time after stage 2, when nobody plays them any more.
    """

    __tablename__ = "live_segments"
    __table_args__ = (UniqueConstraint("recording_id", "attempt", "sequence"),)

    id: Mapped[Key]
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    sequence: Mapped[int]
    object_key: Mapped[str] = mapped_column(unique=True)
    duration_ms: Mapped[int]

    recording: Mapped[Recording] = relationship(back_populates="live_segments")
