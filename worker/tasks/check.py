"""Stage 1, seconds at most: what is in the file, a playable copy, a poster, how loud it is.

What plays is published as soon as it exists; the rest follows while somebody may be watching already.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Recording, Rendition, RenditionKind, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import copy, loudness, poster, renditions
from worker.media.loudness import Loudness
from worker.media.probe import Probe
from worker.media.waveform import Waveform
from worker.tasks.looking import as_json, look
from worker.tasks.publishing import JPEG, publish, publish_film
from worker.workshop import Workshop

COPIES = (RenditionKind.COPY, RenditionKind.AUDIO)


@dataclass(frozen=True)
class Checked:
    loudness: Loudness | None
    renditions: list[Rendition]


def check_recording(workshop: Workshop, recording_id: str) -> None:
    attempt.run(workshop, UUID(recording_id), StepName.CHECK, _make, _save)


def _make(work: Attempt) -> Checked:
    tools, stop = work.workshop.tools, work.should_stop
    path = work.fetch_source()
    found = look(work, path)
    if any(work.wants(kind) for kind in COPIES):
        _make_playable(work, path, found)
    work.note(60)
    made = []
    if work.wants(RenditionKind.POSTER):
        made.append(_publish_poster(work, poster.make_poster(tools, path, found, work.folder, abort=stop)))
    work.note(80)
    heard = None
    if work.wants(RenditionKind.WAVEFORM):
        heard = loudness.listen(tools, path, found, work.folder, abort=stop)
    if heard is None:
        return Checked(None, made)
    return Checked(heard.loudness, [*made, _publish_waveform(work, heard.waveform)])


def _make_playable(work: Attempt, path: Path, found: Probe) -> None:
    """Publish the copy at once; where browsers do not play the picture, its lowest rung comes first."""
    if not copy.may_copy(found):
        work.save(lambda _session, recording: _begin_to_open(recording, found))
        return
    tools, stop = work.workshop.tools, work.should_stop
    made = _publish_copy(work, copy.copy_playable(tools, path, found, work.folder, abort=stop))

    def publish(session: Session, recording: Recording) -> None:
        if work.only is None:
            _describe(recording, found)
        attempt.replace_renditions(session, recording, [made], whole_kinds=False)
        recording.become_playable(db.now())

    work.save(publish)


def _begin_to_open(recording: Recording, found: Probe) -> None:
    _describe(recording, found)
    recording.step(StepName.OPEN)


def _describe(recording: Recording, found: Probe) -> None:
    recording.duration_ms = found.duration_ms
    recording.has_video, recording.has_audio = found.video is not None, found.audio is not None
    recording.width = found.video.width if found.video else None
    recording.height = found.video.height if found.video else None
    recording.probe = as_json(found)
    of_footage = ((recording.footage and recording.footage.layout) or {}).get("warnings", [])
    recording.warning = " ".join(dict.fromkeys([*of_footage, *found.warnings])) or None
    recording.step(StepName.ENCODE)


def _publish_copy(work: Attempt, made: renditions.Rendition) -> Rendition:
    return publish_film(work, RenditionKind.COPY if made.width else RenditionKind.AUDIO, made)


def _publish_poster(work: Attempt, made: renditions.Picture) -> Rendition:
    return publish(work, RenditionKind.POSTER, made.path, JPEG, width=made.width, height=made.height)


def _publish_waveform(work: Attempt, made: Waveform) -> Rendition:
    layout = {"interval_ms": made.interval_ms, "count": made.count}
    return publish(work, RenditionKind.WAVEFORM, made.path, "application/octet-stream", layout=layout)


def _save(session: Session, recording: Recording, work: Attempt, made: Checked) -> None:
    attempt.replace_renditions(session, recording, made.renditions, whole_kinds=False)
    if made.loudness is not None:
        recording.loudness = asdict(made.loudness) | {"gain_db": made.loudness.gain_db}
        known = [recording.warning] if recording.warning else []
        recording.warning = " ".join(dict.fromkeys([*known, *made.loudness.warnings])) or None
