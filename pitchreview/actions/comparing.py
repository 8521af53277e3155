"""Two takes or exemplars side by side: what of each can be played, and what was said about it."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import beats, reading, reviewing, scoring
from pitchreview.actions.scoring import Given
from pitchreview.models import Comment, Criterion, Exemplar, Pitch, Recording, Take, User
from pitchreview.permissions import Act, exemplars_visible_to, may, takes_visible_to

# More would be read in the room of the take.
MOST_REMARKS = 60
MOST_EXEMPLARS = 12


@dataclass(frozen=True)
class Side:
    """A take, or the part of it that an exemplar holds up. Its own clock begins with that part."""

    take: Take
    exemplar: Exemplar | None
    sees_take: bool  # the viewer sees the whole of it, and what was said about it

    @property
    def name(self) -> str:
        """As addresses write it."""
        return f"exemplar:{self.exemplar.id}" if self.exemplar else f"take:{self.take.id}"

    @property
    def recording(self) -> Recording:
        """Who sees only the exemplar is given the file of that part alone, once it is cut."""
        clip = self.exemplar.clip if self.exemplar else None
        return clip if clip and clip.is_playable and not self.sees_take else self.take.recording

    @property
    def part_from_ms(self) -> int:
        """Where it begins on the clock of the take."""
        return (self.exemplar and self.exemplar.from_ms) or 0

    @property
    def from_ms(self) -> int:
        """Where it begins in what is played."""
        return self.part_from_ms if self.recording is self.take.recording else 0

    @property
    def duration_ms(self) -> int:
        whole = self.recording.duration_ms or 0
        if self.exemplar is None or self.recording is not self.take.recording:
            return whole
        return min(self.exemplar.duration_ms or 0, max(0, whole - self.from_ms))

    def holds(self, at_ms: int) -> bool:
        """Is this moment of the take in it?"""
        return 0 <= at_ms - self.part_from_ms <= self.duration_ms


class Beat(NamedTuple):
    """A part of the scenario that is marked on both sides, and where it begins on either clock."""

    name: str
    at: tuple[int, int]


def beats_of(session: Session, left: Side, right: Side) -> list[Beat]:
    """Parts of the same name that are marked on both sides, as far as they follow each other there."""
    sides = [_marked(session, side) for side in (left, right)]
    found: list[Beat] = []
    for name in sides[0]:
        at = (sides[0][name], sides[1].get(name, -1))
        if not found or all(now > before for now, before in zip(at, found[-1].at, strict=True)):
            found += [Beat(name, at)] if at[1] >= 0 else []
    return found


def _marked(session: Session, side: Side) -> dict[str, int]:
    starts = {
        part.beat.name: part.at_ms - side.part_from_ms
        for part in beats.parts_of(session, side.take)
        if part.is_set
    }
    return {name: at_ms for name, at_ms in starts.items() if 0 <= at_ms < side.duration_ms}


@dataclass(frozen=True)
class Row:
    """What was given for one criterion, left and right."""

    criterion: Criterion
    given: tuple[list[Given], list[Given]]


def levels_of(session: Session, left: Side, right: Side, viewer: User) -> list[Row]:
    """Levels of published reviews; lines of different rubrics meet where they have the same name."""
    sides = [_levels_of(session, side, viewer) for side in (left, right)]
    names = dict.fromkeys(name for side in sides for name in side)
    return [
        Row(
            next(side[name][0] for side in sides if name in side),
            (sides[0].get(name, (None, []))[1], sides[1].get(name, (None, []))[1]),
        )
        for name in names
    ]


def _levels_of(session: Session, side: Side, viewer: User) -> dict[str, tuple[Criterion, list[Given]]]:
    if not side.sees_take or not may(viewer, Act.READ_SCORES, side.take):
        return {}
    published = (r for r in reviewing.reviews_of(session, side.take, viewer) if r.is_published)
    verdicts = scoring.verdicts_of(session, published)
    return {verdict.criterion.name.casefold(): (verdict.criterion, verdict.given) for verdict in verdicts}


def remarks_of(session: Session, side: Side, viewer: User) -> list[Comment]:
    """The first threads about this part that the viewer may read, in the order of moments."""
    if not side.sees_take:
        return []
    outline = reading.outline_of(session, side.take, viewer)
    ids = [place.id for place in outline if not place.is_deleted and side.holds(place.at_ms)]
    return reading.threads_of(session, side.take, viewer, ids[:MOST_REMARKS])


@dataclass(frozen=True)
class Partners:
    """What a take can be put beside."""

    takes: list[Take]  # of the same pitch, the newest first
    exemplars: list[Exemplar]  # of the same scenario


def partners_of(session: Session, take: Take, viewer: User) -> Partners:
    of_pitch = takes_visible_to(viewer).where(Take.pitch_id == take.pitch_id, Take.id != take.id)
    of_scenario = select(Take.id).join(Take.pitch).where(Pitch.scenario_id == take.pitch.scenario_id)
    shown = exemplars_visible_to(viewer).where(Exemplar.take_id.in_(of_scenario), Exemplar.take_id != take.id)
    takes = session.scalars(of_pitch.order_by(Take.created_at.desc()))
    exemplars = session.scalars(shown.order_by(Exemplar.created_at.desc()).limit(MOST_EXEMPLARS))
    return Partners(
        [each for each in takes if each.recording.is_playable],
        [each for each in exemplars if each.is_shown and each.take.recording.is_playable],
    )
