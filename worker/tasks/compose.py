"""The footage of a recording that is not one file as it arrived: files put together, or a stretch cut out.

It comes before all other steps, and they work on it as if it had arrived.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.errors import BrokenMedia, ObjectMissing
from pitchreview.models import Layout, Recording, Rendition, RenditionKind, SourceRole, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import renditions
from worker.media.compose import Part, compose
from worker.media.cut import Stretch, cut
from worker.tasks.looking import look
from worker.tasks.publishing import publish_film
from worker.workshop import Workshop

LOST = {
    SourceRole.CAMERA: "Some of what the camera recorded could not be used.",
    SourceRole.SCREEN: "Some of the screen could not be used.",
    SourceRole.AUDIO: "Some of the sound could not be used.",
}


@dataclass(frozen=True)
class _File:
    """A source, as it lies in the store."""

    object_key: str
    role: SourceRole
    sequence: int
    offset_ms: int


@dataclass(frozen=True)
class _Wish:
    """What is to become of which files."""

    layout: Layout
    files: list[_File]
    # Of the recording that this one was cut from; None: it is no cut, or that one is gone
    whole_key: str | None
    stretch: Stretch | None


def compose_recording(workshop: Workshop, recording_id: str) -> None:
    attempt.run(workshop, UUID(recording_id), StepName.COMPOSE, _make, _save)


def _make(work: Attempt) -> Rendition:
    wish = _wish(work)
    if wish.stretch is not None:
        made = _cut(work, wish.whole_key, wish.stretch)
        return publish_film(work, RenditionKind.FOOTAGE, made, layout={"warnings": []})
    parts, warnings = _parts(work, wish.files)
    made = compose(
        work.workshop.tools,
        parts,
        wish.layout,
        work.folder,
        most_seconds=work.workshop.settings.max_duration_seconds,
        on_progress=work.note,
        abort=work.should_stop,
    )
    return publish_film(work, RenditionKind.FOOTAGE, made, layout={"warnings": warnings})


def _wish(work: Attempt) -> _Wish:
    with work.workshop.sessions() as session:
        recording = session.scalars(select(Recording).where(Recording.id == work.recording_id)).one()
        whole = session.get(Recording, recording.cut_of_id) if recording.cut_of_id else None
        files = [
            _File(source.object_key, SourceRole(source.role), source.sequence, source.offset_ms)
            for source in recording.sources
        ]
        stretch = None
        if recording.cut_from_ms is not None and recording.cut_until_ms is not None:
            stretch = Stretch(recording.cut_from_ms, recording.cut_until_ms)
        return _Wish(recording.layout, files, whole.source_key if whole else None, stretch)


def _cut(work: Attempt, whole_key: str | None, stretch: Stretch) -> renditions.Rendition:
    gone = "The take from which this was cut does not exist any more."
    if whole_key is None:
        raise BrokenMedia(gone)
    try:
        path = work.fetch(whole_key, "whole")
    except ObjectMissing as error:
        raise BrokenMedia(gone) from error
    found = look(work, path)
    return cut(
        work.workshop.tools,
        path,
        found,
        stretch,
        work.folder,
        on_progress=work.note,
        abort=work.should_stop,
    )


def _parts(work: Attempt, files: list[_File]) -> tuple[list[Part], list[str]]:
    """What can be used, and a sentence for each kind of file that cannot; BrokenMedia when none can."""
    parts: list[Part] = []
    warnings: list[str] = []
    faults: list[str] = []
    for number, file in enumerate(files):
        try:
            path = work.fetch(file.object_key, f"source-{number}")
            parts.append(Part(path, look(work, path), file.role, file.sequence, file.offset_ms))
        except (ObjectMissing, BrokenMedia) as error:
            faults.append(error.message)
            warnings.append(LOST[file.role])
    if not parts:
        raise BrokenMedia(next(iter(faults), "Nothing of this recording has arrived."))
    return parts, list(dict.fromkeys(warnings))


def _save(_session: Session, recording: Recording, _work: Attempt, made: Rendition) -> None:
    recording.take_footage(made)
