"""Stage 1, seconds at most: what is in the file, a playable copy, a poster, how loud it is."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.models import Recording, Rendition, RenditionKind, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import copy, loudness, poster, renditions
from worker.media.loudness import Loudness
from worker.media.probe import Probe, probe
from worker.media.profiles import limits_of
from worker.workshop import Workshop


@dataclass(frozen=True)
class Checked:
    probe: Probe
    loudness: Loudness | None
    renditions: list[Rendition]
    warnings: list[str]


def check_recording(workshop: Workshop, recording_id: str) -> None:
    attempt.run(workshop, UUID(recording_id), StepName.CHECK, _make, _save)


def _make(work: Attempt) -> Checked:
    tools, stop = work.workshop.tools, work.should_stop
    path = work.fetch_source()
    found = probe(tools, path, limits_of(work.workshop.settings), abort=stop)
    work.note(20)
    made = []
    if copy.may_copy(found):
        made.append(_publish_copy(work, copy.copy_playable(tools, path, found, work.folder, abort=stop)))
    work.note(60)
    picture = poster.make_poster(tools, path, found, work.folder, abort=stop)
    made.append(_publish_poster(work, picture))
    work.note(80)
    loud = loudness.measure_loudness(tools, path, found, work.folder, abort=stop)
    warnings = [*found.warnings, *(loud.warnings if loud else ())]
    return Checked(found, loud, made, warnings)


def _publish_copy(work: Attempt, made: renditions.Rendition) -> Rendition:
    is_picture = made.width > 0
    return Rendition(
        kind=RenditionKind.COPY if is_picture else RenditionKind.AUDIO,
        rung=0,
        attempt=work.number,
        object_key=work.publish(made.path, made.content_type),
        content_type=made.content_type,
        size_bytes=made.bytes,
        width=made.width or None,
        height=made.height or None,
        duration_ms=made.duration_ms,
        bitrate=made.bitrate,
        codecs=made.codecs or None,
    )


def _publish_poster(work: Attempt, made: renditions.Picture) -> Rendition:
    return Rendition(
        kind=RenditionKind.POSTER,
        rung=0,
        attempt=work.number,
        object_key=work.publish(made.path, "image/jpeg"),
        content_type="image/jpeg",
        size_bytes=made.path.stat().st_size,
        width=made.width,
        height=made.height,
    )


def _save(session: Session, recording: Recording, _work: Attempt, made: Checked) -> None:
    found = made.probe
    recording.duration_ms = found.duration_ms
    recording.has_video, recording.has_audio = found.video is not None, found.audio is not None
    recording.width = found.video.width if found.video else None
    recording.height = found.video.height if found.video else None
    recording.probe = _as_json(found)
    recording.loudness = _measured(made.loudness)
    recording.warning = " ".join(made.warnings) or None
    attempt.replace_renditions(recording, made.renditions)
    if recording.progressive is not None:
        recording.become_playable(db.now())
    recording.step(StepName.ENCODE)
    intake.queue_step(session, recording, StepName.ENCODE)


def _measured(loud: Loudness | None) -> dict[str, float] | None:
    return None if loud is None else asdict(loud) | {"gain_db": loud.gain_db}


def _as_json(found: Probe) -> dict[str, object]:
    """The facts that pages and later steps ask for."""
    picture, sound = found.video, found.audio
    return {
        "container": found.container,
        "fps": float(picture.fps) if picture else None,
        "video_codec": picture.codec if picture else None,
        "rotation": picture.rotation if picture else 0,
        "max_keyframe_gap_ms": picture.max_keyframe_gap_ms if picture else None,
        "audio_codec": sound.codec if sound else None,
        "channels": sound.channels if sound else None,
    }
