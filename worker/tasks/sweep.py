"""The database is the truth: compare rows with jobs and objects, heal what differs.

A source is never deleted here; an object that looks like one and has no row is reported.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pitchreview import db, queue
from pitchreview.actions import clipping, intake, limits, packing, practising, replying, reviewing, telling
from pitchreview.db import transaction
from pitchreview.models import (
    Comment,
    LiveSegment,
    Recording,
    RecordingState,
    Rendition,
    Source,
    Step,
    StepState,
    Take,
)
from pitchreview.store import ABANDONED_UPLOAD_DAYS, ObjectStat
from worker.workshop import Workshop

log = logging.getLogger(__name__)

# What a request is still busy with is none of our business.
SETTLED_AFTER = timedelta(minutes=1)
GARBAGE_AFTER = timedelta(hours=1)


def sweep(workshop: Workshop) -> None:
    """Everything that should move but has nobody who moves it."""
    with transaction(workshop.sessions) as session:
        _requeue_steps(session)
        queue.lift_waiting(session)
        _forget_deleted(session)
        replying.forget_unused(session)
        clipping.sweep(session)
        packing.sweep(session)
        limits.sweep(session)
        telling.sweep(session)
    for source in _unfinished_uploads(workshop):
        _settle_upload(workshop, source)


def _requeue_steps(session: Session) -> None:
    """Steps that wait or run without a live job."""
    with_open_steps = select(Step.recording_id).where(Step.state.in_([StepState.WAITING, StepState.RUNNING]))
    unbroken = [RecordingState.RECEIVED, RecordingState.PLAYABLE, RecordingState.READY]
    query = select(Recording).where(Recording.id.in_(with_open_steps), Recording.state.in_(unbroken))
    alive = {name: set(session.scalars(queue.recordings_in(task))) for name, task in intake.TASK_OF.items()}
    for recording in session.scalars(query):
        for step in recording.due_steps:
            if recording.id not in alive[step.name]:
                log.warning("%s of %s had no job; queued again", step.name, recording.id)
                intake.queue_step(session, recording, step.name)


def _forget_deleted(session: Session) -> None:
    """Deleted takes and recorded replies whose job was lost."""
    overdue = db.now() - practising.UNDO_WINDOW - SETTLED_AFTER
    for take in session.scalars(select(Take).where(Take.deleted_at < overdue)):
        queue.defer(session, queue.Task.FORGET_TAKE, once=f"forget:{take.id}", take_id=str(take.id))
    overdue = db.now() - reviewing.UNDO_WINDOW - SETTLED_AFTER
    spoken = select(Comment.id).where(Comment.deleted_at < overdue, Comment.recording_id.is_not(None))
    for comment_id in session.scalars(spoken):
        queue.defer(session, queue.Task.FORGET_REPLY, once=f"forget:{comment_id}", comment_id=str(comment_id))


def _unfinished_uploads(workshop: Workshop) -> list[Source]:
    with transaction(workshop.sessions) as session:
        return list(
            session.scalars(
                select(Source)
                .join(Source.recording)
                .where(
                    Recording.state == RecordingState.AWAITING_UPLOAD,
                    Source.received_at.is_(None),
                    Source.created_at < db.now() - SETTLED_AFTER,
                )
            )
        )


def _settle_upload(workshop: Workshop, source: Source) -> None:
    """Adopt what was assembled before a crash; drop what was abandoned for days."""
    if intake.is_assembled(workshop.store, source):
        with transaction(workshop.sessions) as session:
            adopted = session.get(Source, source.id)
            if adopted is not None:
                log.warning("upload %s was assembled but not noted; adopted", source.id)
                recording = intake.mark_received(session, adopted)
                take = session.scalar(select(Take).where(Take.recording_id == recording.id))
                if take is not None:
                    practising.count_first(session, take)
    elif source.created_at < db.now() - timedelta(days=ABANDONED_UPLOAD_DAYS):
        _abandon(workshop, source)


def _abandon(workshop: Workshop, source: Source) -> None:
    if source.upload_id:
        workshop.store.abort_multipart(source.object_key, source.upload_id)
    with transaction(workshop.sessions) as session:
        recording = session.get(Recording, source.recording_id)
        if recording is not None and recording.is_reply:
            intake.forget_recording(session, recording)
            return
        take = session.scalar(select(Take).where(Take.recording_id == source.recording_id))
        abandoned = session.get(Source, source.id)
        if take is None or abandoned is None or take.recording.state is not RecordingState.AWAITING_UPLOAD:
            return
        if any(other.has_arrived for other in take.recording.sources):
            intake.forget_source(session, abandoned)
        else:
            intake.forget_upload(session, take)


def collect_garbage(workshop: Workshop, older_than: timedelta = GARBAGE_AFTER) -> None:
    """Objects of attempts that did not win, of takes that are gone, and stretches nobody plays any more."""
    with transaction(workshop.sessions) as session:
        _drop_live_segments(session, older_than)
        known = set(session.scalars(select(Rendition.object_key)))
        known |= set(session.scalars(select(Source.object_key)))
        known |= set(session.scalars(select(LiveSegment.object_key)))
        awaited = set(session.scalars(select(Source.upload_id).where(Source.upload_id.is_not(None))))
    workshop.store.delete(stat.key for stat in _unknown(workshop, known, older_than))
    _abort_uploads(workshop, awaited, older_than)


def _abort_uploads(workshop: Workshop, awaited: set[str | None], older_than: timedelta) -> None:
    """Uploads of workers that were killed on the way; those of browsers are named in a row."""
    for upload in list(workshop.store.list_multiparts("recordings/")):
        is_old = upload.begun_at < db.now() - older_than
        if is_old and upload.upload_id not in awaited and "/source/" not in upload.key:
            workshop.store.abort_multipart(upload.key, upload.upload_id)


def _drop_live_segments(session: Session, older_than: timedelta) -> None:
    is_long_ready = select(Recording.id).where(Recording.ready_at < db.now() - older_than)
    session.execute(delete(LiveSegment).where(LiveSegment.recording_id.in_(is_long_ready)))


def _unknown(workshop: Workshop, known: set[str], older_than: timedelta) -> Iterator[ObjectStat]:
    for stat in workshop.store.list_objects("recordings/"):
        if stat.key in known or stat.changed_at > db.now() - older_than:
            continue
        if "/source/" in stat.key:
            log.warning("object %s looks like a source and has no row; left alone", stat.key)
        else:
            yield stat
