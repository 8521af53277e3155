"""Stage 2: the ladder, decoded once and split, and the storyboard from its lowest rung."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pitchreview import db
from pitchreview.models import Recording, Rendition, RenditionKind, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import ladder, renditions, storyboard
from worker.media.ladder import Plan
from worker.media.probe import Probe
from worker.tasks.looking import recall
from worker.tasks.publishing import JPEG, fetch_rung, publish, publish_rung
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
    found = recall(work, path)
    if found.video is not None and not tools.can_decode(found.video.codec):
        return Encoded([], ["This kind of video is played as it is, in one quality."])
    known = _known(work)
    plans = _plans(work, path, found, known)
    made = renditions.Ladder((), ())
    if plans:
        made = ladder.make_ladder(
            tools,
            path,
            found,
            work.folder,
            plans,
            gain_db=float((known.loudness or {}).get("gain_db", 0.0)),
            on_progress=lambda percent: work.note(percent * ENCODE_SHARE),
            abort=stop,
        )
    published = [publish_rung(work, rung) for rung in made.rungs]
    if found.video is None or not work.wants(RenditionKind.STORYBOARD):
        return Encoded(published, list(made.warnings))
    lowest = made.rungs[0] if made.rungs else fetch_rung(work, known.rungs[0], float(found.video.fps))
    board = storyboard.make_storyboard(tools, lowest, work.folder, abort=stop)
    return Encoded([*published, _publish_storyboard(work, board)], [*made.warnings, *board.warnings])


def _known(work: Attempt) -> Recording:
    """What the steps before found and made."""
    with work.workshop.sessions() as session:
        query = select(Recording).where(Recording.id == work.recording_id)
        return session.scalars(query.options(selectinload(Recording.renditions))).one()


def _plans(work: Attempt, path: Path, found: Probe, known: Recording) -> Sequence[Plan]:
    """The wanted rungs; of one that was made first, to play while it grew, only the sound is made anew."""
    kind = RenditionKind.RUNG if found.video is not None else RenditionKind.AUDIO
    plans = [p for p in ladder.plan_ladder(path, found) if work.wants(kind, p.short_side)]
    grown = next(iter(known.rungs), None)
    if work.only is None and grown is not None and grown.rung == plans[0].short_side and not plans[0].copies:
        plans[0] = replace(plans[0], copies=(work.fetch(grown.object_key, "grown.mp4"), 0))
    return plans


def _publish_storyboard(work: Attempt, board: renditions.Storyboard) -> Rendition:
    layout = {
        "columns": board.columns,
        "rows": board.rows,
        "tile_width": board.tile_width,
        "tile_height": board.tile_height,
        "interval_ms": board.interval_ms,
        "count": board.count,
    }
    return publish(
        work,
        RenditionKind.STORYBOARD,
        board.path,
        JPEG,
        width=board.width,
        height=board.height,
        layout=layout,
    )


def _save(session: Session, recording: Recording, work: Attempt, made: Encoded) -> None:
    attempt.replace_renditions(session, recording, made.renditions, whole_kinds=work.only is None)
    known = [recording.warning] if recording.warning else []
    recording.warning = " ".join(dict.fromkeys([*known, *made.warnings])) or None
    recording.become_ready(db.now())
