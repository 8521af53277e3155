"""Stage 1 of what browsers do not play: the lowest rung first, which plays while it is made.

Its stretches are objects and rows of their own until the whole rung has been verified. Its sound is as loud
as the source's: measuring all of it would keep people waiting. Stage 2 takes the picture over as it is.
"""

import time
from uuid import UUID

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import LiveSegment, Recording, Rendition, StepName
from worker import attempt
from worker.attempt import Attempt
from worker.media import ladder
from worker.media.growth import Growth, Stretch
from worker.tasks.looking import recall
from worker.tasks.publishing import publish_rung
from worker.workshop import Workshop

LIVE_TYPE = "video/mp4"
# The first stretch is published at once; then a player that is ahead asks no more often than this
SECONDS_BETWEEN_STRETCHES = 1.0


def open_recording(workshop: Workshop, recording_id: str) -> None:
    attempt.run(workshop, UUID(recording_id), StepName.OPEN, _make, _save)


def _make(work: Attempt) -> Rendition:
    tools, stop = work.workshop.tools, work.should_stop
    path = work.fetch_source()
    found = recall(work, path)
    assert found.video is not None, "sound alone is played as it is"
    lowest = ladder.plan_rungs(found.video)[0]
    live = _Live(
        work, Growth(ladder.file_in(work.folder, lowest.name), ladder.playlist_in(work.folder, lowest.name))
    )
    made = ladder.make_ladder(
        tools, path, found, work.folder, [lowest], grows=True, on_progress=live.follow, abort=stop
    )
    live.finish()
    return publish_rung(work, made.rungs[0])


class _Live:
    """Publishes what has grown, a second's worth at a time."""

    def __init__(self, work: Attempt, growth: Growth) -> None:
        self._work = work
        self._growth = growth
        self._published_at = 0.0

    def follow(self, percent: float) -> None:
        if time.monotonic() - self._published_at >= SECONDS_BETWEEN_STRETCHES:
            self._take_over(percent)

    def finish(self) -> None:
        """The rest, so that whoever watches already gets to the end."""
        self._take_over(100)

    def _take_over(self, percent: float) -> None:
        stretches = self._growth.fresh()
        if stretches:
            rows = [self._publish(stretch) for stretch in stretches]
            self._work.save(lambda _session, recording: _grow(recording, rows, percent))
            self._published_at = time.monotonic()

    def _publish(self, stretch: Stretch) -> LiveSegment:
        name = f"live/{stretch.number}.mp4"
        return LiveSegment(
            attempt=self._work.number,
            sequence=stretch.number,
            object_key=self._work.publish_bytes(name, stretch.content, LIVE_TYPE),
            duration_ms=stretch.duration_ms,
        )


def _grow(recording: Recording, rows: list[LiveSegment], percent: float) -> None:
    recording.live_segments.extend(rows)
    recording.step(StepName.OPEN).percent = min(99, int(percent))
    recording.become_playable(db.now())


def _save(session: Session, recording: Recording, _work: Attempt, made: Rendition) -> None:
    attempt.replace_renditions(session, recording, [made], whole_kinds=False)
    recording.become_playable(db.now())
