"""One attempt at one step of a recording: load, make, save.

    load   a short transaction claims the step by raising its attempt
    make   no database connection is held; objects go under `…/attempt-<n>/`
    save   a short transaction, only if this attempt is still the current one

A step may publish on its way, too: the copy before the poster, one live segment after the other. That is
a save like any other, fenced by the attempt. So a killed, doubled or zombie worker can never break a good
video. Errors are sorted here: the file's fault ends the step, ours is tried again, an unreachable
neighbour costs no try.
"""

import logging
import random
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.db import transaction
from pitchreview.errors import BrokenMedia, ObjectMissing, StoreUnavailable
from pitchreview.models import (
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Step,
    StepName,
    StepState,
)
from worker.media.errors import Aborted
from worker.workshop import Workshop

log = logging.getLogger(__name__)

MOST_FAILURES = 3
SECONDS_BETWEEN_NOTES = 1.0
SECONDS_BETWEEN_LOOKS = 1.0
# A database that is started anew is back within this time; what was made must not be lost to it.
PATIENCE_SECONDS = 60
OUR_FAULT = (
    "We could not finish this file, several times over. The file itself is safe; try again, or ask the "
    "people who run this site to look at the worker's log."
)

Made = TypeVar("Made")


@dataclass
class Attempt:
    """The attempt as `make` sees it: where to work, what to tell, whether to stop."""

    workshop: Workshop
    recording_id: UUID
    name: StepName
    number: int
    # What comes from the store lies beside the folder in which tools write: they may read it only
    inputs: Path
    folder: Path
    # The footage, else the one file that arrived
    source_key: str | None
    # The label of the one rendition that is wanted; None: all that the step makes
    only: str | None = None
    is_lost: bool = False
    _noted_at: float = field(default=0.0)
    _looked_at: float = field(default_factory=time.monotonic)

    @property
    def prefix(self) -> str:
        return f"recordings/{self.recording_id}/{self.name}/attempt-{self.number}/"

    def fetch_source(self) -> Path:
        """What all is made of, on local disk."""
        assert self.source_key is not None, "there is footage where not exactly one file arrived"
        try:
            return self.fetch(self.source_key, "source")
        except ObjectMissing as error:
            raise BrokenMedia("The uploaded file is no longer in the object store.") from error

    def fetch(self, object_key: str, name: str) -> Path:
        path = self.inputs / name
        self.workshop.store.fetch(object_key, path)
        return path

    def wants(self, kind: RenditionKind, rung: int = 0) -> bool:
        """Whether this rendition is to be made."""
        return self.only in (None, f"{kind} {rung}")

    def publish(self, path: Path, content_type: str) -> str:
        """Put a verified file under this attempt's own prefix; answers its key."""
        key = self.prefix + path.name
        self.workshop.store.put_file(path, key, content_type)
        return key

    def publish_bytes(self, name: str, content: bytes, content_type: str) -> str:
        """The same for a few bytes that are no file."""
        key = self.prefix + name
        self.workshop.store.put_bytes(content, key, content_type)
        return key

    def save(self, write: Callable[[Session, Recording], None]) -> None:
        """Publish on the way; raises Aborted when the attempt has been overtaken or cancelled."""
        with transaction(self.workshop.sessions) as session:
            recording = _current(session, self)
            self.is_lost = recording is None
            if recording is not None:
                write(session, recording)
                session.flush()
                intake.queue_due_steps(session, recording)
                intake.announce_recording(session, recording)
        if self.is_lost:
            raise Aborted("This attempt does not count any more.")

    def note(self, percent: float) -> None:
        """Tell how far it is, about once a second. A database that is away must not stop the work."""
        if time.monotonic() - self._noted_at < SECONDS_BETWEEN_NOTES:
            return
        self._noted_at = time.monotonic()
        with suppress(OperationalError), transaction(self.workshop.sessions) as session:
            session.execute(update(Step).where(*self._row()).values(percent=min(99, int(percent))))
            db.announce(session, intake.recording_topic(self.recording_id))

    def should_stop(self) -> bool:
        """Whether the process ends, or this attempt counts no more; asked many times a second."""
        if not self.is_lost and time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
            self._looked_at = time.monotonic()
            with suppress(OperationalError), self.workshop.sessions() as session:
                self.is_lost = session.scalar(select(Step.id).where(*self._row())) is None
        return self.is_lost or self.workshop.stopping.is_set()

    def _row(self) -> tuple[ColumnElement[bool], ...]:
        return (
            Step.recording_id == self.recording_id,
            Step.name == self.name,
            Step.attempt == self.number,
            Step.state == StepState.RUNNING,
        )


def run(
    workshop: Workshop,
    recording_id: UUID,
    name: StepName,
    make: Callable[[Attempt], Made],
    save: Callable[[Session, Recording, Attempt, Made], None],
) -> None:
    """Load, make, save. A step that is done, or a recording that is gone, is no work."""
    attempt = _load(workshop, recording_id, name)
    if attempt is None:
        return
    try:
        made = make(attempt)
        _patiently(workshop, lambda: _save(attempt, made, save))
    except BrokenMedia as error:
        reason = error.message
        _patiently(workshop, lambda: _end_broken(attempt, reason))
    except Aborted:
        _patiently(workshop, lambda: _put_back(attempt, in_seconds=0))
    except (StoreUnavailable, OperationalError) as error:
        log.warning("%s of %s waits: %s", name, recording_id, error)
        _patiently(workshop, lambda: _put_back(attempt, in_seconds=random.randint(5, 20)))
    except Exception:
        log.exception("%s of %s failed in attempt %s", name, recording_id, attempt.number)
        _patiently(workshop, lambda: _count_failure(attempt))
    finally:
        shutil.rmtree(attempt.inputs.parent, ignore_errors=True)


def _patiently(workshop: Workshop, act: Callable[[], None]) -> None:
    """Write it down as soon as the database is there again; when it stays away, the rescue takes over."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except OperationalError:
            if time.monotonic() > give_up_at or workshop.stopping.wait(1):
                raise


def _load(workshop: Workshop, recording_id: UUID, name: StepName) -> Attempt | None:
    with transaction(workshop.sessions) as session:
        recording = _locked(session, recording_id)
        if recording is None or recording.is_broken or recording.received_at is None:
            return None
        step = recording.step(name)
        if not step.is_open:
            return None
        number = step.claim(db.now())
        intake.announce_recording(session, recording)
        inputs, folder = workshop.bench.new_folders("inputs", "made")
        key = recording.source_key
        return Attempt(workshop, recording_id, name, number, inputs, folder, key, step.only)


def _save(attempt: Attempt, made: Made, save: Callable[[Session, Recording, Attempt, Made], None]) -> None:
    with transaction(attempt.workshop.sessions) as session:
        recording = _current(session, attempt)
        if recording is None:
            log.info("attempt %s at %s came too late", attempt.number, attempt.recording_id)
            return
        save(session, recording, attempt, made)
        recording.step(attempt.name).finish(db.now())
        session.flush()
        intake.queue_due_steps(session, recording)
        intake.announce_recording(session, recording)


def replace_renditions(
    session: Session, recording: Recording, made: Iterable[Rendition], *, whole_kinds: bool = True
) -> None:
    """New renditions in the place of older ones; their objects are collected later.

    With `whole_kinds` a new ladder replaces the whole old one, else each takes the place of its own.
    """
    fresh = list(made)
    kinds = {rendition.kind for rendition in fresh} if whole_kinds else set()
    labels = {rendition.label for rendition in fresh}
    kept = [r for r in recording.renditions if r.kind not in kinds and r.label not in labels]
    recording.renditions = kept
    session.flush()  # the old rows go first: a rung of another step may have the same number of attempts
    recording.renditions = kept + fresh


def _end_broken(attempt: Attempt, reason: str) -> None:
    with transaction(attempt.workshop.sessions) as session:
        recording = _current(session, attempt)
        if recording is None:
            return
        recording.step(attempt.name).fail(reason, db.now())
        if recording.state is RecordingState.READY or (
            attempt.name is StepName.COMPOSE and recording.is_playable
        ):
            # What could not be made anew leaves the others as good as before
            recording.give_up(reason)
        else:
            recording.break_down(reason)
        intake.announce_recording(session, recording)


def _put_back(attempt: Attempt, *, in_seconds: int) -> None:
    """Another job will try again; this one cost no try."""
    with transaction(attempt.workshop.sessions) as session:
        recording = _current(session, attempt)
        if recording is not None:
            recording.step(attempt.name).put_back()
            intake.queue_step(session, recording, attempt.name, in_seconds=in_seconds)


def _count_failure(attempt: Attempt) -> None:
    """Our fault: tried again, later each time, and given up with a sentence after a few."""
    with transaction(attempt.workshop.sessions) as session:
        recording = _current(session, attempt)
        if recording is None:
            return
        step = recording.step(attempt.name)
        step.failures += 1
        if step.failures >= MOST_FAILURES:
            step.fail(OUR_FAULT, db.now())
            recording.give_up(OUR_FAULT)
        else:
            step.put_back()
            intake.queue_step(session, recording, attempt.name, in_seconds=5 * 4 ** (step.failures - 1))
        intake.announce_recording(session, recording)


def _current(session: Session, attempt: Attempt) -> Recording | None:
    """The locked recording, if this attempt may still speak for it."""
    recording = _locked(session, attempt.recording_id)
    if recording is None or not recording.step(attempt.name).is_current(attempt.number):
        return None
    return recording


def _locked(session: Session, recording_id: UUID) -> Recording | None:
    return session.scalars(
        select(Recording).where(Recording.id == recording_id).with_for_update()
    ).one_or_none()
