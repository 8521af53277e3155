"""Stage 2: the ladder, decoded once and split, and the storyboard from its lowest rung."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Recording, Rendition, RenditionKind, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import ladder, loudness, renditions, storyboard
from worker.media.probe import Probe, probe
from worker.media.profiles import limits_of
from worker.workshop import Workshop

# The encode is nearly all of the work; the rest of the bar is for what comes after it.
ENCODE_SHARE = 0.95


@dataclass(frozen=True)
class Encoded:
    renditions: list[Rendition]
    warnings: list[str]


def encode_recording(workshop: Workshop, recording_id: str) -> None:
    attempt.run(workshop, UUID(recording_id), StepName.ENCODE, _make, _save)


def _make(work: Attempt) -> Encoded:
    tools, stop = work.workshop.tools, work.should_stop
    path = work.fetch_source()
    found = probe(tools, path, limits_of(work.workshop.settings), abort=stop)
    if found.video is not None and not tools.can_decode(found.video.codec):
        return Encoded([], ["This kind of video is played as it is, in one quality."])
    made = ladder.make_ladder(
        tools,
        path,
        found,
        work.folder,
        gain_db=_gain(work, found),
        on_progress=lambda percent: work.note(percent * ENCODE_SHARE),
        abort=stop,
    )
    published = [_publish_rung(work, rung) for rung in made.rungs]
    if found.video is not None:
        board = storyboard.make_storyboard(tools, made.rungs[0], work.folder, abort=stop)
        published.append(_publish_storyboard(work, board))
    return Encoded(published, list(made.warnings))


def _gain(work: Attempt, found: Probe) -> float:
    """Decibels towards the usual loudness, as stage 1 measured."""
    with work.workshop.sessions() as session:
        recording = session.get(Recording, work.recording_id)
        measured = recording.loudness if recording else None
    if measured is not None:
        return float(measured["gain_db"])
    loud = loudness.measure_loudness(
        work.workshop.tools, work.folder / "source", found, work.folder, abort=work.should_stop
    )
    return loud.gain_db if loud else 0.0


def _publish_rung(work: Attempt, rung: renditions.Rung) -> Rendition:
    is_picture = rung.width > 0
    return Rendition(
        kind=RenditionKind.RUNG if is_picture else RenditionKind.AUDIO,
        rung=min(rung.width, rung.height),
        attempt=work.number,
        object_key=work.publish(rung.path, rung.content_type),
        content_type=rung.content_type,
        size_bytes=rung.bytes,
        width=rung.width or None,
        height=rung.height or None,
        duration_ms=rung.duration_ms,
        bitrate=rung.peak_bitrate,
        codecs=rung.codecs,
        layout={
            "init": [rung.init.offset, rung.init.length],
            "segments": [[s.offset, s.length, s.duration_ms] for s in rung.segments],
        },
    )


def _publish_storyboard(work: Attempt, board: renditions.Storyboard) -> Rendition:
    return Rendition(
        kind=RenditionKind.STORYBOARD,
        rung=0,
        attempt=work.number,
        object_key=work.publish(board.path, "image/jpeg"),
        content_type="image/jpeg",
        size_bytes=board.path.stat().st_size,
        width=board.width,
        height=board.height,
        layout={
            "columns": board.columns,
            "rows": board.rows,
            "tile_width": board.tile_width,
            "tile_height": board.tile_height,
            "interval_ms": board.interval_ms,
            "count": board.count,
        },
    )


def _save(_session: Session, recording: Recording, _work: Attempt, made: Encoded) -> None:
    attempt.replace_renditions(recording, made.renditions)
    known = [recording.warning] if recording.warning else []
    recording.warning = " ".join(dict.fromkeys([*known, *made.warnings])) or None
    recording.become_ready(db.now())
