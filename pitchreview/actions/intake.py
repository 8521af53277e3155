"""Files come in: straight from the browser to the object store, in parts; we only sign and witness.

The store is never called inside an open transaction, so verbs that need it come in halves, those
with a session and those with a store, and the door commits in between.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pitchreview import db, queue
from pitchreview.actions import limits, quota
from pitchreview.config import GIBIBYTE, Settings
from pitchreview.errors import InvalidInput, InvalidState, NotFound, ObjectMissing, StoreUnavailable, TooLarge
from pitchreview.models import (
    Comment,
    Pitch,
    Recording,
    RecordingState,
    Rendition,
    Source,
    StepName,
    StepState,
    Take,
    User,
)
from pitchreview.queue import Task
from pitchreview.store import ObjectStore, Part, part_size_for

# What a file picker offers; the probe decides later what a file really is.
ACCEPTED_ENDINGS = (
    ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".ts", ".mts", ".3gp",
    ".mp3", ".m4a", ".aac", ".wav", ".flac", ".ogg", ".opus",
)  # fmt: skip
MOST_OPEN_UPLOADS = 50
MOST_SIGNED_AT_ONCE = 50

TASK_OF = {
    StepName.CHECK: Task.CHECK_RECORDING,
    StepName.OPEN: Task.OPEN_RECORDING,
    StepName.ENCODE: Task.ENCODE_RECORDING,
}


@dataclass(frozen=True)
class NewFile:
    """What a browser says of a file before it sends it; trusted for nothing."""

    name: str
    size_bytes: int | None  # None: it grows while it is sent
    content_type: str
    fingerprint: str


def check_file(file: NewFile, settings: Settings) -> None:
    """Say no before the first byte; raises `InvalidInput` or `TooLarge` in human words."""
    if PurePosixPath(file.name.lower()).suffix not in ACCEPTED_ENDINGS:
        raise InvalidInput("That is not a video or a sound file that we know. MP4, MOV and WebM work best.")
    if file.size_bytes is not None:
        _check_size(file.size_bytes, settings)


def _check_size(size_bytes: int, settings: Settings) -> None:
    if size_bytes <= 0:
        raise InvalidInput("This file is empty.")
    if size_bytes > settings.max_upload_bytes:
        most = settings.max_upload_bytes / GIBIBYTE
        raise TooLarge(f"This file is larger than {most:g} GB. Cut it, or export it smaller.")


@dataclass(frozen=True)
class UploadPlan:
    """Where a new file will lie; made before the store is asked, saved after."""

    recording_id: UUID
    source_id: UUID
    file: NewFile
    part_size: int

    @property
    def object_key(self) -> str:
        return f"recordings/{self.recording_id}/source/{self.source_id}"


def plan_upload(session: Session, settings: Settings, uploader: User, file: NewFile) -> UploadPlan:
    """First half of a new upload: may this person send this file now?"""
    check_file(file, settings)
    limits.count(session, f"begin-upload:{uploader.id}", most=200, seconds=3600)
    _check_open_uploads(session, uploader)
    quota.check(session, settings, uploader, file.size_bytes)
    # Whatever a file that grows becomes in the end, its parts must not run out before.
    part_size = part_size_for(file.size_bytes or settings.max_upload_bytes)
    return UploadPlan(uuid4(), uuid4(), file, part_size)


def open_upload(store: ObjectStore, plan: UploadPlan) -> str:
    """Ask the store for a multipart upload; its type is ours, whatever the file claims to be."""
    return store.begin_multipart(plan.object_key, "application/octet-stream")


def save_upload(session: Session, plan: UploadPlan, upload_id: str, *, pitch: Pitch, uploader: User) -> Take:
    """Second half: a new take that waits for its file."""
    recording = _new_recording(plan, upload_id, uploader)
    number = _next_number(session, pitch)
    take = Take(pitch=pitch, recording=recording, uploaded_by_id=uploader.id, number=number)
    session.add(take)
    session.flush()
    return take


def save_reply(session: Session, plan: UploadPlan, upload_id: str, *, author: User) -> Recording:
    """The same for a recorded reply, which a comment carries later."""
    recording = _new_recording(plan, upload_id, author)
    recording.is_reply = True
    session.add(recording)
    session.flush()
    return recording


def _new_recording(plan: UploadPlan, upload_id: str, uploader: User) -> Recording:
    file = plan.file
    source = Source(
        id=plan.source_id,
        object_key=plan.object_key,
        file_name=_shown_name(file.name),
        content_type=file.content_type[:200],
        size_bytes=file.size_bytes or 0,
        is_open=file.size_bytes is None,
        fingerprint=file.fingerprint[:200],
        upload_id=upload_id,
        part_size=plan.part_size,
    )
    return Recording(
        id=plan.recording_id, recorded_by_id=uploader.id, sources=[source], steps=[], renditions=[]
    )


def _check_open_uploads(session: Session, uploader: User) -> None:
    open_uploads = session.scalar(
        select(func.count())
        .select_from(Recording)
        .outerjoin(Take, Take.recording_id == Recording.id)
        .where(
            Recording.recorded_by_id == uploader.id,
            Take.deleted_at.is_(None),
            Recording.state == RecordingState.AWAITING_UPLOAD,
        )
    )
    if (open_uploads or 0) >= MOST_OPEN_UPLOADS:
        raise InvalidState("Many of your uploads are unfinished. Finish or discard some of them first.")


def _next_number(session: Session, pitch: Pitch) -> int:
    session.execute(select(Pitch.id).where(Pitch.id == pitch.id).with_for_update())
    last = session.scalar(select(func.max(Take.number)).where(Take.pitch_id == pitch.id))
    return (last or 0) + 1


def _shown_name(name: str) -> str:
    """The last part of a file name, without control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "file"


def sign_parts(
    store: ObjectStore, settings: Settings, source: Source, numbers: list[int], *, host: str
) -> dict[int, str]:
    """Addresses to PUT these parts to, good for a quarter of an hour each."""
    if source.has_arrived or source.upload_id is None:
        raise InvalidState("This file has arrived already.")
    last = -(-settings.max_upload_bytes // source.part_size) if source.is_open else source.part_count
    if len(numbers) > MOST_SIGNED_AT_ONCE or not all(1 <= n <= last for n in numbers):
        raise InvalidInput(f"Ask for up to {MOST_SIGNED_AT_ONCE} parts from 1 to {last}.")
    return {n: store.sign_part(source.object_key, source.upload_id, n, host=host) for n in numbers}


def arrived_numbers(store: ObjectStore, source: Source) -> list[int]:
    """Which parts need not be sent any more; the store is the only witness.

    Raises `ObjectMissing` when the upload has expired.
    """
    everything = list(range(1, source.part_count + 1))
    if source.has_arrived:
        return everything
    try:
        return sorted(_fitting_parts(store, source))
    except ObjectMissing:
        if is_assembled(store, source):
            return everything
        raise


def fix_size(
    session: Session, settings: Settings, uploader: User, source: Source, size_bytes: int | None
) -> None:
    """The uploader says how long a file became that grew while it was sent; the same may be said again.

    Raises `InvalidState` for another size, and `TooLarge` while there is no room for it; what has arrived
    stays, so that room can be made. Of a file that was announced with its size nothing need be said.
    """
    if session.get(Source, source.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound("This upload has been discarded.")
    if source.is_open:
        if size_bytes is None:
            raise InvalidInput("Send the file's size in bytes.")
        _check_size(size_bytes, settings)
        quota.check(session, settings, uploader, size_bytes)
    if size_bytes is not None:
        source.fix_size(size_bytes)


def assemble(store: ObjectStore, source: Source) -> None:
    """The last part has arrived: let the store put the file together, and check its size.

    May be called any number of times: a crash between the store's word and ours is healed by the
    next call, because the assembled object is looked for first. Raises `InvalidState` while parts
    are missing, `InvalidInput` when the file is not as announced.
    """
    if source.is_open:
        raise InvalidState("This file is still growing.")
    if not source.has_arrived and not is_assembled(store, source):
        _complete(store, source)


def is_assembled(store: ObjectStore, source: Source) -> bool:
    """Does the store have the whole file? Never one that still grows: nobody has said what is whole."""
    if source.is_open:
        return False
    try:
        return store.stat(source.object_key).size_bytes == source.size_bytes
    except ObjectMissing:
        return False


def _complete(store: ObjectStore, source: Source) -> None:
    try:
        _put_together(store, source)
    except (InvalidState, StoreUnavailable):
        # A store that completes this upload for another call shows no parts any more, or no upload.
        if not is_assembled(store, source):
            raise
        return
    if not is_assembled(store, source):
        store.delete([source.object_key])
        raise InvalidInput("The file that arrived is not as long as announced. Please upload it again.")


def _put_together(store: ObjectStore, source: Source) -> None:
    assert source.upload_id is not None
    try:
        parts = _fitting_parts(store, source)
        missing = source.part_count - len(parts)
        if missing:
            raise InvalidState(f"{missing} of {source.part_count} parts have not arrived yet.")
        store.complete_multipart(source.object_key, source.upload_id, parts.values())
    except ObjectMissing as error:
        raise InvalidState("This upload has expired. Please choose the file again.") from error


def _fitting_parts(store: ObjectStore, source: Source) -> dict[int, Part]:
    """By number, the parts that have the length they must have; of several the one that came last."""
    assert source.upload_id is not None
    return {
        part.number: part
        for part in store.list_parts(source.object_key, source.upload_id)
        if source.fits(part.number, part.size_bytes)
    }


def mark_received(session: Session, source: Source) -> Recording:
    """The store has the whole file: give it to the worker, once, in this transaction."""
    recording = session.scalars(
        select(Recording)
        .where(Recording.id == source.recording_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if recording.state is RecordingState.AWAITING_UPLOAD:
        source.received_at, source.upload_id = db.now(), None
        recording.receive(db.now())
        queue_step(session, recording, StepName.CHECK)
        announce_recording(session, recording)
    return recording


def check_unfinished(take: Take) -> None:
    if take.recording.state is not RecordingState.AWAITING_UPLOAD:
        raise InvalidState("This file has arrived already; delete the take instead.")


def drop_parts(store: ObjectStore, sources: list[Source]) -> None:
    """End the multipart uploads of files that never arrived."""
    for source in sources:
        if source.upload_id:
            store.abort_multipart(source.object_key, source.upload_id)


def forget_upload(session: Session, take: Take) -> None:
    """Remove the rows of a take whose file never arrived."""
    check_unfinished(take)
    recording = take.recording
    session.delete(take)
    session.flush()
    session.delete(recording)
    session.flush()


def forget_recording(session: Session, recording: Recording) -> None:
    """Remove a recording for good; the job that removes its objects joins the commit."""
    queue.defer(session, Task.DELETE_OBJECTS, prefix=recording.folder)
    session.execute(delete(Recording).where(Recording.id == recording.id))


def retry(session: Session, recording: Recording) -> None:
    """Try what failed or was stopped once more; always allowed, and a new attempt each time."""
    if not recording.reset_for_retry():
        raise InvalidState("Everything about this file is done already.")
    queue_due_steps(session, recording)
    announce_recording(session, recording)


def cancel(session: Session, recording: Recording) -> None:
    """Stop the work on a file; the worker ends its tools when it next looks, within a second or two."""
    recording.cancel(db.now())
    announce_recording(session, recording)


def redo(session: Session, recording: Recording, rendition: Rendition) -> None:
    """Make one rendition anew; raises `InvalidState` while the file is worked on."""
    recording.redo(rendition)
    queue_due_steps(session, recording)
    announce_recording(session, recording)


def queue_due_steps(session: Session, recording: Recording) -> None:
    """A job for every step that waits for no other."""
    for step in recording.due_steps:
        if step.state is StepState.WAITING:
            queue_step(session, recording, step.name)


def queue_step(session: Session, recording: Recording, name: StepName, *, in_seconds: int = 0) -> None:
    """One waiting job per recording and step, in this transaction."""
    queue.defer(
        session,
        TASK_OF[name],
        once=f"{name}:{recording.id}",
        in_seconds=in_seconds,
        behind=_others_of_uploader(session, recording, name),
        recording_id=str(recording.id),
    )


def _others_of_uploader(session: Session, recording: Recording, name: StepName) -> int:
    """How many other files of the same person are in this queue: fifty uploads let another's one pass."""
    if recording.recorded_by_id is None:
        return 0
    query = (
        select(func.count())
        .select_from(Recording)
        .where(
            Recording.recorded_by_id == recording.recorded_by_id,
            Recording.id != recording.id,
            Recording.id.in_(queue.recordings_in(TASK_OF[name])),
        )
    )
    return session.scalar(query) or 0


def announce_recording(session: Session, recording: Recording) -> None:
    db.announce(session, recording_topic(recording.id))
    for take_id in session.scalars(select(Comment.take_id).where(Comment.recording_id == recording.id)):
        db.announce(session, f"take:{take_id}", "comments")


def recording_topic(recording_id: UUID) -> str:
    return f"recording:{recording_id}"
