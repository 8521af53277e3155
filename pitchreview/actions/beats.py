"""Where the parts of a scenario begin in a take: as planned, until its presenter or a reviewer says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.errors import InvalidInput
from pitchreview.models import Beat, BeatStart, Take, User


@dataclass(frozen=True)
class Part:
    """A part of the scenario on the clock of one take."""

    beat: Beat
    at_ms: int
    until_ms: int
    is_set: bool  # somebody said so; else it is the plan, reckoned from the part before


def parts_of(session: Session, take: Take) -> list[Part]:
    beats = take.pitch.scenario.beats
    if not beats:
        return []
    rows = session.scalars(select(BeatStart).where(BeatStart.take_id == take.id))
    said = {row.beat_id: row.at_ms for row in rows}
    starts = _laid_out(beats, said)
    planned_end = starts[-1] + beats[-1].target_seconds * 1000
    end = max(take.recording.duration_ms or 0, starts[-1]) if said else planned_end
    return [
        Part(beat, at_ms, until_ms, beat.id in said)
        for beat, (at_ms, until_ms) in zip(beats, pairwise([*starts, end]), strict=True)
    ]


def _laid_out(beats: list[Beat], said: Mapping[UUID, int]) -> list[int]:
    """What was said wins; a part that nothing is said about begins as planned, but not after the next one."""
    starts: list[int] = []
    at_ms = 0
    for place, beat in enumerate(beats):
        later = (said[each.id] for each in beats[place:] if each.id in said)
        at_ms = said.get(beat.id, min([at_ms, *later]))
        # Since the plan was written anew it may stand in another order.
        starts.append(max([at_ms, *starts[-1:]]))
        at_ms = starts[-1] + beat.target_seconds * 1000
    return starts


def set_starts(session: Session, take: Take, by: User, starts: Mapping[UUID, int | None]) -> None:
    """Say where parts begin; None leaves one to the plan."""
    given = ((beat, starts.get(beat.id)) for beat in take.pitch.scenario.beats)
    said = [(beat, at_ms) for beat, at_ms in given if at_ms is not None]
    _check(take, said)
    session.execute(delete(BeatStart).where(BeatStart.take_id == take.id))
    session.add_all(
        BeatStart(take_id=take.id, beat_id=beat.id, at_ms=at_ms, set_by_id=by.id) for beat, at_ms in said
    )
    session.flush()
    db.announce(session, f"take:{take.id}", "beats")


def _check(take: Take, said: list[tuple[Beat, int]]) -> None:
    end = take.recording.duration_ms
    for beat, at_ms in said:
        if end is not None and at_ms >= end:
            raise InvalidInput(f"“{beat.name}” would begin after the end of this take.", field="beats")
    for (earlier, before_ms), (later, after_ms) in pairwise(said):
        if before_ms >= after_ms:
            raise InvalidInput(f"“{later.name}” comes after “{earlier.name}”, so it begins later.", "beats")
