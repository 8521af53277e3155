"""Hear it done: the same few seconds as they were said, in an exemplar, and as the commenter shows them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pitchreview.models import Comment, Exemplar, Recording, User
from pitchreview.permissions import exemplars_visible_to, find_visible

HEARD_MS = 8000
# Of a comment at the very end of a take at least this much is heard.
LEAST_MS = 2000


@dataclass(frozen=True)
class Voice:
    """One way in which it is done, and which part of its recording that is."""

    name: str  # own, exemplar or demo
    recording: Recording
    from_ms: int
    until_ms: int


@dataclass(frozen=True)
class Hearing:
    voices: list[Voice]
    exemplar: Exemplar | None


def of(session: Session, remark: Comment, viewer: User) -> Hearing:
    """What can be heard at a comment, as far as this person may."""
    exemplar = _shown(session, remark, viewer)
    voices = [_own(remark)]
    if exemplar is not None:
        start = exemplar.from_ms or 0
        end = start + min(HEARD_MS, exemplar.duration_ms or 0)
        voices.append(Voice("exemplar", exemplar.take.recording, start, end))
    if remark.recording is not None:
        voices.append(Voice("demo", remark.recording, 0, remark.recording.duration_ms or 0))
    heard = [each for each in voices if each.recording.is_playable and each.until_ms > each.from_ms]
    return Hearing(heard, exemplar)


def _own(remark: Comment) -> Voice:
    recording = remark.take.recording
    end = recording.duration_ms or 0
    start = max(0, min(remark.at_ms or 0, end - LEAST_MS))
    return Voice("own", recording, start, min(end, start + HEARD_MS))


def _shown(session: Session, remark: Comment, viewer: User) -> Exemplar | None:
    if remark.exemplar_id is None:
        return None
    found = find_visible(session, exemplars_visible_to(viewer), remark.exemplar_id)
    return found if found is not None and found.is_shown else None
