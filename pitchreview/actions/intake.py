"""Files come in: straight from the browser to the object store, in parts; we only sign and witness.

The store is never called inside an open transaction, so verbs that need it come in halves, those
with a session and those with a store, and the door commits in between.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pitchreview import db, queue
from pitchreview.actions import limits, quota
from pitchreview.config import GIBIBYTE, Settings
from pitchreview.errors import InvalidInput, InvalidState, NotFound, ObjectMissing, StoreUnavailable, TooLarge
from pitchreview.models import (
    Comment,
    Layout,
    Pitch,
    Recording,
    RecordingState,
    Rendition,
    Source,
    SourceRole,
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
MOST_SOURCES = 8
# Nobody records longer than a day; beyond it a clock is wrong
MOST_OFFSET_MS = 24 * 3600 * 1000

TASK_OF = {
    StepName.COMPOSE: Task.COMPOSE_RECORDING,
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
    # Which of several files of one recording it is
    role: str = SourceRole.CAMERA.value
    sequence: int = 0
    offset_ms: int = 0


def check_file(file: NewFile, settings: Settings) -> None:
    """Say no before the first byte; raises `InvalidInput` or `TooLarge` in human words."""
    if PurePosixPath(file.name.lower()).suffix not in ACCEPTED_ENDINGS:
        raise InvalidInput("That is not a video or a sound file that we know. MP4, MOV and WebM work best.")
    if file.role not in list(SourceRole):
        raise InvalidInput("A file is of the camera, the screen, or sound alone.")
    if not 0 <= file.sequence < MOST_SOURCES:
        raise InvalidInput(f"Files of one take are counted from 0 to {MOST_SOURCES - 1}.")
    check_offset(file.offset_ms)
    if file.size_bytes is not None:
        _check_size(file.size_bytes, settings)


def check_offset(offset_ms: int) -> None:
    if abs(offset_ms) > MOST_OFFSET_MS:
        raise InvalidInput("A file begins at most a day after the others of its take.")


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


def plan_upload(
    session: Session,
    settings: Settings,
    uploader: User,
    file: NewFile,
    *,
    team_id: UUID | None = None,
    beside: Recording | None = None,
) -> UploadPlan:
    """First half of a new upload, of one more file of a recording or of a new one.

    May it be sent, as far as can be said now?
    """
    check_file(file, settings)
    limits.count(session, f"begin-upload:{uploader.id}", most=200, seconds=3600)
    _check_open_uploads(session, uploader)
    quota.check(session, settings, uploader, file.size_bytes, team_id=team_id)
    # Whatever a file that grows becomes in the end, its parts must not run out before.
    part_size = part_size_for(file.size_bytes or settings.max_upload_bytes)
    return UploadPlan(beside.id if beside else uuid4(), uuid4(), file, part_size)


def open_upload(store: ObjectStore, plan: UploadPlan) -> str:
    """Ask the store for a multipart upload; its type is ours, whatever the file claims to be."""
    return store.begin_multipart(plan.object_key, "application/octet-stream")


def save_upload(session: Session, plan: UploadPlan, upload_id: str, *, pitch: Pitch, uploader: User) -> Take:
    """Second half: a new take that waits for its file."""
    recording = _new_recording(plan, upload_id, uploader)
    number = next_number(session, pitch)
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
    sources = [_new_source(plan, upload_id)]
    return Recording(
        id=plan.recording_id, recorded_by_id=uploader.id, sources=sources, steps=[], renditions=[]
    )


def find_source(recording: Recording, file: NewFile) -> Source | None:
    """The upload of this very file, where it was begun before.

    Raises `InvalidState` for another in its place, and where the recording waits for no more files.
    """
    if recording.state is not RecordingState.AWAITING_UPLOAD:
        raise InvalidState("This take has arrived already.")
    place = (file.role, file.sequence)
    found = next((s for s in recording.sources if (s.role, s.sequence) == place), None)
    if found is not None and found.fingerprint != file.fingerprint[:200]:
        raise InvalidState("This part of the take is being sent from somewhere else.")
    if found is None and len(recording.sources) >= MOST_SOURCES:
        raise InvalidState(f"A take is made of at most {MOST_SOURCES} files.")
    return found


def save_source(session: Session, plan: UploadPlan, upload_id: str) -> Source:
    """Second half: one more file of a recording that still waits for its others."""
    recording = _locked(session, plan.recording_id)
    known = find_source(recording, plan.file)
    if known is not None:
        return known
    source = _new_source(plan, upload_id)
    recording.sources.append(source)
    session.flush()
    return source


def _new_source(plan: UploadPlan, upload_id: str) -> Source:
    file = plan.file
    return Source(
        id=plan.source_id,
        role=file.role,
        sequence=file.sequence,
        offset_ms=file.offset_ms,
        object_key=plan.object_key,
        file_name=_shown_name(file.name),
        content_type=file.content_type[:200],
        size_bytes=file.size_bytes or 0,
        is_open=file.size_bytes is None,
        fingerprint=file.fingerprint[:200],
        upload_id=upload_id,
        part_size=plan.part_size,
    )


def _locked(session: Session, recording_id: UUID) -> Recording:
    """The recording with its sources, as whoever held it last left them."""
    query = select(Recording).where(Recording.id == recording_id).with_for_update()
    recording = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if recording is None:
        raise NotFound("This take has been discarded.")
    sources = select(Source).where(Source.recording_id == recording_id)
    session.scalars(sources.execution_options(populate_existing=True)).all()
    session.expire(recording, ["sources"])
    return recording


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


def next_number(session: Session, pitch: Pitch) -> int:
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


def place_source(session: Session, source: Source, offset_ms: int | None, layout: Layout | None) -> None:
    """What only its recorder knows: where it begins on the clock of the take, and how all is put together."""
    recording = _locked(session, source.recording_id)
    if recording.state is not RecordingState.AWAITING_UPLOAD:
        return
    if offset_ms is not None:
        check_offset(offset_ms)
        source.offset_ms = offset_ms
    if layout is not None:
        recording.layout = layout


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
        quota.claim(session, settings, uploader, size_bytes, team_id=_team_of(session, source))
    if size_bytes is not None:
        source.fix_size(size_bytes)


def _team_of(session: Session, source: Source) -> UUID | None:
    return session.scalar(
        select(Pitch.team_id)
        .join(Take, Take.pitch_id == Pitch.id)
        .where(Take.recording_id == source.recording_id)
    )


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
    """The store has the whole file: with the last one give the recording to the worker, once."""
    recording = _locked(session, source.recording_id)
    if not source.has_arrived:
        source.received_at, source.upload_id = db.now(), None
        _receive_if_whole(session, recording)
    return recording


def _receive_if_whole(session: Session, recording: Recording) -> None:
    if recording.has_all_sources:
        recording.receive(db.now())
        session.flush()
        queue_due_steps(session, recording)
    announce_recording(session, recording)


def check_unfinished(take: Take) -> None:
    if take.recording.state is not RecordingState.AWAITING_UPLOAD:
        raise InvalidState("This file has arrived already; delete the take instead.")


def drop_parts(store: ObjectStore, sources: list[Source]) -> None:
    """End the multipart uploads of files that never arrived."""
    for source in sources:
        if source.upload_id:
            store.abort_multipart(source.object_key, source.upload_id)


def forget_source(session: Session, source: Source) -> None:
    """Remove a file that never arrived; the others of its take are all there is."""
    recording = _locked(session, source.recording_id)
    if recording.state is not RecordingState.AWAITING_UPLOAD or source.has_arrived:
        raise InvalidState("This file has arrived already; delete the take instead.")
    recording.sources.remove(source)
    session.flush()
    _receive_if_whole(session, recording)


def forget_upload(session: Session, take: Take) -> None:
    """Remove the rows of a take whose files never arrived all."""
    check_unfinished(take)
    recording = take.recording
    if any(source.has_arrived for source in recording.sources):
        queue.defer(session, Task.DELETE_OBJECTS, prefix=recording.folder)
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
    thread = func.coalesce(Comment.parent_id, Comment.id)
    threads = select(thread).where(Comment.recording_id == recording.id).scalar_subquery()
    changed = update(Comment).where(Comment.id.in_(threads)).values(changed_at=db.now())
    for take_id in session.scalars(changed.returning(Comment.take_id)):
        db.announce(session, f"take:{take_id}", "comments")


def recording_topic(recording_id: UUID) -> str:
    return f"recording:{recording_id}"
